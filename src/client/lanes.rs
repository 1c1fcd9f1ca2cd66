//! A few pieces of work side by side on one thread.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

use crate::error::Result;

/// Does `work` for every number below `count`, at most `lanes` at once, and returns the results in their order. The first
/// failure drops what is still under way.
pub(super) async fn side_by_side<T, F: Future<Output = Result<T>>>(
    count: usize,
    lanes: usize,
    work: impl Fn(usize) -> F,
) -> Result<Vec<T>> {
    let next = Cell::new(0);
    let mut running: Vec<(usize, Pin<Box<F>>)> = Vec::new();
    let mut results: Vec<Option<T>> = (0..count).map(|_| None).collect();
    std::future::poll_fn(|context| {
        loop {
            while running.len() < lanes.max(1) && next.get() < count {
                running.push((next.get(), Box::pin(work(next.get()))));
                next.set(next.get() + 1);
            }
            let before = running.len();
            let mut failed = None;
            running.retain_mut(|(index, piece)| match piece.as_mut().poll(context) {
                Poll::Pending => true,
                Poll::Ready(Ok(result)) => {
                    results[*index] = Some(result);
                    false
                }
                Poll::Ready(Err(error)) => {
                    failed.get_or_insert(error);
                    false
                }
            });
            if let Some(error) = failed {
                return Poll::Ready(Err(error));
            }
            if running.is_empty() && next.get() == count {
                return Poll::Ready(Ok(()));
            }
            // A lane that came free takes the next piece, which wants to be polled too.
            if running.len() == before || next.get() == count {
                return Poll::Pending;
            }
        }
    })
    .await?;
    Ok(results.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn run<T>(work: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(work)
    }

    #[test]
    fn results_keep_their_order_and_lanes_are_few() {
        for (count, lanes) in [(0, 4), (1, 4), (9, 1), (9, 4), (3, 0)] {
            let (now, most) = (Cell::new(0), Cell::new(0));
            let results = run(side_by_side(count, lanes, |i| {
                let (now, most) = (&now, &most);
                async move {
                    now.set(now.get() + 1);
                    most.set(now.get().max(most.get()));
                    for _ in 0..(9 - i) {
                        tokio::task::yield_now().await;
                    }
                    now.set(now.get() - 1);
                    Ok(i)
                }
            }));
            assert_eq!(results.unwrap(), (0..count).collect::<Vec<_>>());
            assert_eq!(most.get(), count.min(lanes.max(1)));
        }
    }

    #[test]
    fn the_first_failure_ends_all() {
        let begun = Cell::new(0);
        let result = run(side_by_side(9, 2, |i| {
            begun.set(begun.get() + 1);
            async move {
                match i {
                    0 => std::future::pending().await,
                    1 => Err(Error::argument("no")),
                    _ => Ok(()),
                }
            }
        }));
        assert!(result.is_err());
        assert_eq!(begun.get(), 2);
    }
}
