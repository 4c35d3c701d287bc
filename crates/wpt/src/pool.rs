//! Runs work on several threads, and delivers the results in order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Calls `work` with every item, on up to `jobs` threads, and `done` with each result. The results
/// come in the order of the items, each when it and all results before it are ready.
pub(crate) fn in_order<T: Sync, R: Send>(
    items: &[T],
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(&T, R),
) {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut started = 0;
    thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, items.len().max(1)) {
            let sender = sender.clone();
            let (next, work) = (&next, &work);
            let worker = move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { return };
                    if sender.send((index, work(item))).is_err() {
                        return;
                    }
                }
            };
            // If the system allows no more threads, the existing ones do the work.
            if thread::Builder::new().spawn_scoped(scope, worker).is_err() {
                break;
            }
            started += 1;
        }
        if started == 0 {
            for (index, item) in items.iter().enumerate() {
                // The receiver is alive until the end of this function.
                let _ = sender.send((index, work(item)));
            }
        }
        drop(sender);
        let mut waiting: Vec<Option<R>> = items.iter().map(|_| None).collect();
        let mut finished = 0;
        for (index, result) in receiver {
            if let Some(place) = waiting.get_mut(index) {
                *place = Some(result);
            }
            while let Some(result) = waiting.get_mut(finished).and_then(Option::take) {
                if let Some(item) = items.get(finished) {
                    done(item, result);
                }
                finished += 1;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    fn squares(jobs: usize) -> Vec<(u64, u64)> {
        let mut results = Vec::new();
        let items: Vec<u64> = (0..50).collect();
        in_order(
            &items,
            jobs,
            |item| item * item,
            |item, square| results.push((*item, square)),
        );
        results
    }

    #[test]
    fn results_come_in_order_for_any_number_of_jobs() {
        let expected: Vec<(u64, u64)> = (0..50).map(|item| (item, item * item)).collect();
        for jobs in [0, 1, 2, 7, 100] {
            assert_eq!(squares(jobs), expected, "{jobs} jobs");
        }
    }

    #[test]
    fn late_first_result_delays_the_others() {
        // The first item ends only after the other thread has begun the third.
        let barrier = Barrier::new(2);
        let work = |item: &u32| {
            if matches!(item, 0 | 2) {
                barrier.wait();
            }
            *item
        };
        let mut order = Vec::new();
        in_order(&[0, 1, 2], 2, work, |_, result| order.push(result));
        assert_eq!(order, [0, 1, 2]);
    }

    #[test]
    fn no_items_are_not_an_error() {
        in_order(&[], 4, |item: &u8| *item, |_, _| panic!("there is no item"));
    }
}
