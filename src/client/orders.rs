//! Orders (D3, D6).

use std::sync::Arc;

use super::Client;
use super::call::Call;
use crate::error::{Error, Result, Status};
use crate::wire::order::{self, File, Order, Query};
use crate::wire::{Endpoint, Read, Text};

impl Client {
    /// D3: the ready orders that the query asks for, all pages of them, oldest update first. The JSON is a list of the
    /// pages' answers.
    pub async fn orders_list(self: Arc<Client>, query: Query) -> Result<Read<Vec<Order>>> {
        if matches!((query.from, query.to), (Some(from), Some(to)) if from >= to) {
            return Err(Error::argument("the query's from is not before its to"));
        }
        let mut orders: Vec<Order> = Vec::new();
        let mut pages = Vec::new();
        let mut token = Text::default();
        loop {
            let answer = self
                .call(&Call::to(Endpoint::Orders).query(query.members(&token)))
                .await?;
            let page =
                order::page(&answer.body).map_err(|error| error.request(&answer.request_id))?;
            pages.push(page.json);
            orders.extend(page.value.orders);
            let next = page.value.next_page_token;
            if next.is_empty() {
                break;
            }
            token = onward(&token, next).map_err(|error| error.request(&answer.request_id))?;
        }
        let json = format!(
            "[{}]",
            pages.iter().map(Text::as_str).collect::<Vec<_>>().join(",")
        );
        Ok(Read {
            value: orders,
            json: Text::from(json),
        })
    }

    /// One page of the ready orders that the query asks for, each as a table of its own; an empty token for the first
    /// page, and from the last one.
    pub(super) async fn orders_page(
        self: &Arc<Client>,
        query: &Query,
        token: &Text,
    ) -> Result<order::Rows> {
        let answer = self
            .call(&Call::to(Endpoint::Orders).query(query.members(token)))
            .await?;
        let read = || {
            let mut rows = order::rows(&answer.body)?;
            if !rows.next_page_token.is_empty() {
                rows.next_page_token = onward(token, rows.next_page_token)?;
            }
            Ok(rows)
        };
        read().map_err(|error: Error| error.request(&answer.request_id))
    }

    /// D6: the order of one Rx; not found while nothing was scanned.
    pub async fn orders_by_rx(self: Arc<Client>, rx_id: String) -> Result<Read<Vec<Order>>> {
        let rx_id = rx_id.trim().to_owned();
        if rx_id.is_empty() {
            return Err(Error::argument("rx_id is empty"));
        }
        let answer = self
            .call(&Call::to(Endpoint::OrderByRx).variable("rxId", &rx_id))
            .await
            .map_err(|error| match error.status {
                Status::NotFound => error.advise(
                    "Nothing was scanned for this Rx yet, or the RxID is another account's.",
                ),
                _ => error,
            })?;
        order::one(&answer.body).map_err(|error| error.request(&answer.request_id))
    }

    /// The order's files with fresh URLs.
    pub(super) async fn order_files(self: &Arc<Client>, order_id: &str) -> Result<Vec<File>> {
        let answer = self
            .call(&Call::to(Endpoint::OrderFiles).variable("orderId", order_id))
            .await?;
        order::files(&answer.body).map_err(|error| error.request(&answer.request_id))
    }
}

/// The next page's token, unless it leads nowhere.
fn onward(token: &Text, next: Text) -> Result<Text> {
    if next == *token {
        return Err(Error::protocol(
            "the service's nextPageToken leads back to the same page",
        ));
    }
    Ok(next)
}
