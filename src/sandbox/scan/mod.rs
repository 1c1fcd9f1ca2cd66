//! Generated scans: arches with teeth, their meshes, pictures and the export around them.
