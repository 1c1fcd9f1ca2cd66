//! The short-lived URLs of an order's files, and fresh ones when their time is over in the middle of a download.

use std::cell::RefCell;
use std::sync::Arc;

use url::Url;

use super::Client;
use super::download::{Wish, kind};
use crate::download::Urls;
use crate::error::{Error, Result, Status};
use crate::wire::Text;
use crate::wire::order::File;

/// The wanted files of an order, with URLs that can be renewed for all of them at once.
pub(super) struct Listed<'a> {
    client: &'a Arc<Client>,
    wish: &'a Wish,
    pub files: Vec<File>,
    urls: RefCell<(Vec<Url>, u32)>,
    /// Held by the one that asks, while the others wait for what it gets.
    renewing: tokio::sync::Mutex<()>,
}

impl<'a> Listed<'a> {
    pub async fn new(client: &'a Arc<Client>, wish: &'a Wish) -> Result<Listed<'a>> {
        let (files, urls) = wanted(client, wish).await?;
        Ok(Listed {
            client,
            wish,
            urls: RefCell::new((urls, 0)),
            files,
            renewing: tokio::sync::Mutex::new(()),
        })
    }

    pub fn urls_of(&self, index: usize) -> UrlsOf<'_> {
        UrlsOf {
            listed: self,
            index,
        }
    }

    async fn renew(&self, seen: u32) -> Result<()> {
        let _turn = self.renewing.lock().await;
        if self.urls.borrow().1 != seen {
            return Ok(());
        }
        let (fresh, urls) = wanted(self.client, self.wish).await?;
        let same =
            |a: &File, b: &File| a.file_id == b.file_id && a.sha256 == b.sha256 && a.size == b.size;
        if fresh.len() != self.files.len()
            || !fresh.iter().zip(&self.files).all(|(a, b)| same(a, b))
        {
            return Err(Error::new(
                Status::Conflict,
                "the order's files changed during the download",
            )
            .advise("Download the order once more; finished files are not fetched again."));
        }
        *self.urls.borrow_mut() = (urls, seen + 1);
        Ok(())
    }
}

/// One file's URL.
pub(super) struct UrlsOf<'a> {
    listed: &'a Listed<'a>,
    index: usize,
}

impl Urls for UrlsOf<'_> {
    fn current(&self) -> (Url, u32) {
        let urls = self.listed.urls.borrow();
        (urls.0[self.index].clone(), urls.1)
    }

    async fn renew(&self, seen: u32) -> Result<()> {
        self.listed.renew(seen).await
    }
}

/// The files to fetch, with fresh URLs.
async fn wanted(client: &Arc<Client>, wish: &Wish) -> Result<(Vec<File>, Vec<Url>)> {
    let kinds = if wish.kinds == 0 {
        kind::ALL
    } else {
        wish.kinds
    };
    let is_wanted = |file: &File| match wish.file_id.as_str() {
        "" => kind::of(&file.kind) & kinds != 0,
        id => file.file_id.as_str() == id,
    };
    let url = |(file, url): (File, Text)| {
        Url::parse(&url)
            .map(|url| (file, url))
            .map_err(|_| Error::protocol("a file of the order has no usable URL"))
    };
    let mut files = client.order_files(&wish.order_id).await?;
    files.retain(|(file, _)| is_wanted(file));
    if !files.is_empty() {
        return files.into_iter().map(url).collect();
    }
    let error = match wish.file_id.as_str() {
        "" => Error::new(
            Status::NotFound,
            "the order has no files of the chosen kinds",
        ),
        _ => Error::new(Status::NotFound, "the order has no file with this file_id"),
    };
    Err(error.advise("Read the order again; files come when it is Completed."))
}
