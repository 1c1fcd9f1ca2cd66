//! Every operation of the vendor's overview through the C functions, in V1 and V2: the good path and each error that a
//! host can meet. A test's name begins with the operation's row.

#[path = "../host/mod.rs"]
mod host;

mod a1_authorization;
mod a3_tokens;
mod a5_discovery;
mod a6_pairing;
mod d1_practice;
mod d2_scan_request;
mod d3_orders;
mod d4_download;
mod d5_notification;
mod d5_watch;
mod d5_watch_end;
mod d5_watch_trouble;
mod p1_patients;
mod p5_warnings;
