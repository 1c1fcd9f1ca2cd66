//! Orders (D3, D6).

use std::sync::Arc;

use super::Client;
use super::call::Call;
use crate::error::{Error, Result, Status};
use crate::wire::order::{self, File, Order, Query};
use crate::wire::{Endpoint, Read, Text};

/// Where a walk through the pages stands.
enum Place {
    Next(Text),
    End,
}

/// A walk through the orders that a query asks for, one page in memory at a time.
pub struct Cursor {
    client: Arc<Client>,
    query: Query,
    place: tokio::sync::Mutex<Place>,
}

impl Cursor {
    /// No network yet.
    pub fn open(client: &Arc<Client>, query: Query) -> Result<Arc<Cursor>> {
        if matches!((query.from, query.to), (Some(from), Some(to)) if from >= to) {
            return Err(Error::argument("the query's from is not before its to"));
        }
        Ok(Arc::new(Cursor {
            client: client.clone(),
            query,
            place: tokio::sync::Mutex::new(Place::Next(Text::default())),
        }))
    }

    /// The next page; one without orders at the end. A page that failed is asked for again by the next call.
    pub fn next(self: &Arc<Cursor>) -> Result<Read<Vec<Order>>> {
        let cursor = self.clone();
        self.client.run(|_| async move {
            let (value, json) = cursor.page().await?;
            Ok(Read {
                value,
                json: Text::from(json),
            })
        })
    }

    /// The next page's orders, with the answer they came in.
    async fn page(&self) -> Result<(Vec<Order>, String)> {
        let mut place = self.place.lock().await;
        let Place::Next(token) = &*place else {
            return Ok(Default::default());
        };
        let call = Call::to(Endpoint::Orders).query(self.query.members(token));
        let mut answer = self.client.call(&call).await?;
        let page = answer.read(order::page)?;
        let next = answer.read(|_| onward(token, page.next_page_token))?;
        *place = if next.is_empty() {
            Place::End
        } else {
            Place::Next(next)
        };
        // What isn't UTF-8 is no JSON and was refused before.
        let json = String::from_utf8(std::mem::take(&mut *answer.body)).unwrap_or_default();
        Ok((page.orders, json))
    }
}

impl Client {
    /// D3: the ready orders that the query asks for, all pages of them, oldest update first. The JSON is a list of the
    /// pages' answers.
    pub fn orders_list(self: &Arc<Client>, query: Query) -> Result<Read<Vec<Order>>> {
        let cursor = Cursor::open(self, query)?;
        self.run(|_| async move {
            let mut orders: Vec<Order> = Vec::new();
            let mut json = String::from("[");
            loop {
                let (page, answer) = cursor.page().await?;
                if json.len() > 1 && !answer.is_empty() {
                    json.push(',');
                }
                json.push_str(&answer);
                orders.extend(page);
                if matches!(*cursor.place.lock().await, Place::End) {
                    break;
                }
            }
            json.push(']');
            Ok(Read {
                value: orders,
                json: Text::from(json),
            })
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
        answer.read(|body| {
            let mut rows = order::rows(body)?;
            rows.next_page_token = onward(token, rows.next_page_token)?;
            Ok(rows)
        })
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
        answer.read(order::one)
    }

    /// The order's files with fresh URLs.
    pub(super) async fn order_files(
        self: &Arc<Client>,
        order_id: &str,
    ) -> Result<Vec<(File, Text)>> {
        let answer = self
            .call(&Call::to(Endpoint::OrderFiles).variable("orderId", order_id))
            .await?;
        answer.read(order::files)
    }
}

/// The next page's token, unless it leads back; empty after the last page.
fn onward(token: &Text, next: Text) -> Result<Text> {
    if !next.is_empty() && next == *token {
        return Err(Error::protocol(
            "the service's nextPageToken leads back to the same page",
        ));
    }
    Ok(next)
}
