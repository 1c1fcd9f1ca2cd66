//! Every operation of the vendor's overview through the C functions, in V1 and V2: the good path and each error that a
//! host can meet. A test's name begins with the operation's row.

#[path = "../host/mod.rs"]
mod host;

mod a1_authorization;
mod a2_get_token;
mod a3_refresh_token;
mod a4_revoke_token;
mod a5_discovery;
mod a6_accounts;
mod a7_pair;
mod a8_unpair;
mod d1_practice;
mod d2_ledger;
mod d2_push;
mod d2_scan_request;
mod d3_get_orders;
mod d4_download;
mod d4_folders;
mod d5_notification;
mod d5_watch;
mod d5_watch_end;
mod d5_watch_trouble;
mod d6_order_by_rx;
mod d7_delete_rx;
mod diagnose;
mod p1_match;
mod p1_search;
mod p2_update_by_id;
mod p3_update_with_scan_request;
mod p4_update_by_chart_number;
mod p5_warnings;
mod text_encoding;
