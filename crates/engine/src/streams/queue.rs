//! [Queue-with-sizes](https://streams.spec.whatwg.org/#queue-with-sizes)

use std::collections::VecDeque;

use boa_engine::{Finalize, JsResult, JsValue, Trace};

use crate::boa::errors::range_error;

/// A queue of chunks with their sizes. The close sentinel of a writable stream has no chunk.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct QueueWithSizes {
    queue: VecDeque<(Option<JsValue>, f64)>,
    total_size: f64,
}

impl QueueWithSizes {
    /// Whether nothing is queued.
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// The sum of all sizes.
    pub(super) fn total_size(&self) -> f64 {
        self.total_size
    }

    /// [DequeueValue](https://streams.spec.whatwg.org/#dequeue-value)
    pub(super) fn dequeue_value(&mut self) -> Option<Option<JsValue>> {
        // 1. and 2. to 4. Take the first pair.
        let (value, size) = self.queue.pop_front()?;
        // 5. and 6. Subtract its size; rounding errors must not make the sum negative.
        self.total_size = (self.total_size - size).max(0.0);
        // 7. Return the value.
        Some(value)
    }

    /// [EnqueueValueWithSize](https://streams.spec.whatwg.org/#enqueue-value-with-size)
    pub(super) fn enqueue_value_with_size(
        &mut self,
        value: Option<JsValue>,
        size: f64,
    ) -> JsResult<()> {
        // 2. and 3. The size is a finite number that is not negative.
        if size.is_nan() || size < 0.0 || size.is_infinite() {
            let message = format!("{size} is not a valid size of a chunk.");
            return Err(range_error(message));
        }
        // 4. Append the pair.
        self.queue.push_back((value, size));
        // 5. Add the size.
        self.total_size += size;
        Ok(())
    }

    /// [PeekQueueValue](https://streams.spec.whatwg.org/#peek-queue-value)
    pub(super) fn peek_queue_value(&self) -> Option<Option<JsValue>> {
        self.queue.front().map(|(value, _)| value.clone())
    }

    /// [ResetQueue](https://streams.spec.whatwg.org/#reset-queue)
    pub(super) fn reset_queue(&mut self) -> Self {
        std::mem::take(self)
    }
}

#[cfg(test)]
mod tests {
    use super::QueueWithSizes;

    #[test]
    fn sizes_add_up_and_bad_ones_are_refused() {
        let mut queue = QueueWithSizes::default();
        queue.enqueue_value_with_size(None, 0.1).unwrap();
        queue.enqueue_value_with_size(None, 0.2).unwrap();
        for bad in [f64::NAN, -1.0, f64::INFINITY] {
            assert!(queue.enqueue_value_with_size(None, bad).is_err());
        }
        queue.dequeue_value();
        queue.dequeue_value();
        assert!(queue.is_empty());
        assert!(queue.total_size() >= 0.0);
    }
}
