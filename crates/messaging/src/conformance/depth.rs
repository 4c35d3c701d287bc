//! Checks of values that are very deep.

use std::fmt::Debug;

use super::heap::check_round_trip;
use super::report::Report;
use super::samples::{Feature, Samples};
use super::values::error;
use crate::structured_clone::{Heap, NativeErrorKind};
use crate::value::Value;

/// A way to put a value into another one, and the features that it needs.
type Wrap = (&'static [Feature], fn(Value) -> Value);

/// Checks an implementation of [`Heap`] with a value of fifty thousand levels, in which each kind of object that can contain
/// others takes its turn: a message may be as deep as its sender likes. Objects are created in `realm`.
///
/// Call it in a test of its own. An engine that recurses over its values, for example when it drops them, overflows the
/// stack here. That ends the process without a report, and Rust prints nothing but the name of the test:
///
/// ```text
/// thread 'deep_values' has overflowed its stack
/// ```
///
/// An engine with reference counts takes its values apart with an explicit stack in `Drop`: `docs/embedding.md` has the
/// recipe. An engine that cannot do so runs this test on a thread with a large stack, and limits the objects of a message
/// by [`Heap::limits`] to as many levels as its threads have stack for.
pub fn check_depth<H: Heap>(heap: &mut H, realm: &H::Realm, samples: &Samples<H>) -> Report
where
    H::Error: Debug,
{
    let wraps: [Wrap; 5] = [
        (&[], |inner| Value::record([("inner", inner)])),
        (&[], |inner| Value::list([inner])),
        (&[Feature::Maps], |inner| {
            Value::map([(0.into(), inner.clone()), (inner, Value::Undefined)])
        }),
        (&[Feature::Sets], |inner| Value::set([inner])),
        (&[Feature::Errors], |inner| {
            error(NativeErrorKind::Error, None, Some(inner))
        }),
    ];
    let wraps: Vec<_> = wraps
        .into_iter()
        .filter(|(needs, _)| samples.has(needs))
        .collect();
    let deep = (0..50_000).fold(Value::from(true), |inner, n| {
        wraps[n % wraps.len()].1(inner)
    });
    let mut report = Report::default();
    check_round_trip(heap, realm, "fifty thousand levels", &deep, &mut report);
    report
}
