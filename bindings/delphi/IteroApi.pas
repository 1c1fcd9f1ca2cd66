// The unit Itero.Api under a name without a dot, for compilers older than Delphi 2005, whose documentation knows no
// dots in the names of units. It is the same text.

{$DEFINE ITERO_PLAIN_NAMES}
{$I Itero.Api.pas}
