//! What a file server's answer means for a file that may have been begun: append, begin anew, or refuse.
//!
//! Bytes are appended only when the answer says in every way that it is the rest of the same representation: 206, the
//! asked start, the known total, the same strong entity tag, no encoding (RFC 9110 §14.4, §15.3.7). Everything else that
//! was asked with a range is asked again without one; what is wrong then too is an error.

use std::time::Duration;

use crate::error::{Error, Status};
use crate::transport::Head;

/// What was asked for: the rest of a file from `at` on, under its tag.
#[derive(Clone, Copy, Debug)]
pub struct Resume<'a> {
    pub at: u64,
    pub tag: &'a str,
}

/// Where the answer's bytes belong.
#[derive(Debug, PartialEq, Eq)]
pub struct Begin {
    pub start: u64,
    /// Of the whole file.
    pub total: Option<u64>,
    /// The strong entity tag; empty when there is none.
    pub tag: String,
}

/// What went wrong with one request for a file.
#[derive(Debug)]
pub enum Trouble {
    /// The connection or the server: what came stays, and the rest may be asked for; after a time, if the server said so.
    Again(Error, Option<Duration>),
    /// What came and what was begun don't fit together: the whole file must be asked for.
    Anew(Error),
    /// The URL's time is over.
    Expired(Error),
    Final(Error),
}

impl Trouble {
    pub fn of(error: Error) -> Trouble {
        match error.retryable {
            true => Trouble::Again(error, None),
            false => Trouble::Final(error),
        }
    }
}

pub fn judge(head: &Head, resume: Option<Resume<'_>>, size: Option<u64>) -> Result<Begin, Trouble> {
    let unfit = |why: &str| {
        let error = Error::protocol(format!("the file server's answer is not usable: {why}"));
        match resume {
            Some(_) => Trouble::Anew(error),
            None => Trouble::Final(error),
        }
    };
    if !matches!(head.http_status, 200 | 206) {
        return Err(refused(head, resume.is_some()));
    }
    if !matches!(head.encoding.as_str(), "" | "identity") {
        return Err(unfit("it is compressed, which was not asked for"));
    }
    match resume {
        Some(resume) if head.http_status == 206 => rest(head, resume, size).map_err(unfit),
        _ if head.http_status == 206 => Err(unfit("it is a part of the file, not the whole")),
        _ if !head.content_range.is_empty() => Err(unfit("it is whole and a part at once")),
        _ => whole(head, size, &unfit),
    }
}

fn rest(head: &Head, resume: Resume<'_>, size: Option<u64>) -> Result<Begin, &'static str> {
    let range = Range::read(&head.content_range).ok_or("it doesn't tell which part it is")?;
    if range.first != resume.at || range.last.checked_add(1) != Some(range.total) {
        return Err("it is another part than was asked for");
    }
    if size.is_some_and(|size| size != range.total)
        || head
            .length
            .is_some_and(|length| length != range.total - range.first)
    {
        return Err("its length is another");
    }
    if head.tag != resume.tag {
        return Err("it belongs to another version of the file");
    }
    Ok(Begin {
        start: range.first,
        total: Some(range.total),
        tag: head.tag.clone(),
    })
}

fn whole(
    head: &Head,
    size: Option<u64>,
    unfit: &dyn Fn(&str) -> Trouble,
) -> Result<Begin, Trouble> {
    match (size, head.length) {
        (Some(size), Some(length)) if size != length => {
            return Err(unfit(&format!(
                "it offers {length} bytes where the order's list says {size}; the file may just have changed"
            )));
        }
        // Such a body ends where the connection ends, whether it was whole or not.
        (None, None) if !head.chunked => return Err(unfit("it doesn't tell its length")),
        _ => {}
    }
    let is_strong = head.tag.starts_with('"') && head.tag.len() > 1 && head.tag.ends_with('"');
    Ok(Begin {
        start: 0,
        total: size.or(head.length),
        tag: if is_strong {
            head.tag.clone()
        } else {
            String::new()
        },
    })
}

/// `bytes first-last/total`; an unknown total is of no use here.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    first: u64,
    last: u64,
    total: u64,
}

impl Range {
    fn read(text: &str) -> Option<Range> {
        let number = |text: &str| -> Option<u64> {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        let (unit, range) = text.trim().split_once(' ')?;
        let (range, total) = range.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let range = Range {
            first: number(first)?,
            last: number(last)?,
            total: number(total)?,
        };
        (unit.eq_ignore_ascii_case("bytes")
            && range.first <= range.last
            && range.last < range.total)
            .then_some(range)
    }
}

fn refused(head: &Head, ranged: bool) -> Trouble {
    let http_status = head.http_status;
    let (status, what) = match http_status {
        401 | 403 | 410 => (Status::Forbidden, "the file's URL has expired"),
        404 => (Status::NotFound, "the file is no longer there"),
        416 => (Status::Protocol, "the file ends before what is there of it"),
        429 => (Status::RateLimit, "the file server asks for fewer requests"),
        500..=599 => (Status::Service, "the file server has a fault of its own"),
        _ => (
            Status::Protocol,
            "the file server answered in a way that a download doesn't know",
        ),
    };
    let mut error = Error::new(
        status,
        format!("{what} ({}, HTTP {http_status})", head.host),
    );
    error.http_status = http_status;
    match http_status {
        401 | 403 | 410 => Trouble::Expired(error),
        416 if ranged => Trouble::Anew(error),
        429 | 500..=599 => Trouble::Again(error, head.retry_after),
        _ => Trouble::Final(error),
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
