//! Measures structured clone without a script engine, against Node in the same run.
//!
//! If `node` is installed, it clones the same value. Its times and the ratio are printed first.

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use framepost_messaging::Value;
use framepost_messaging::structured_clone::{structured_deserialize, structured_serialize};
use framepost_messaging::value::ValueHeap;

/// Prints the minimum and the median time of Node's `structuredClone`, in milliseconds.
const NODE: &str = r"
const list = Array.from({length: 20000}, (_, id) => ({
    id, name: `name ${id}`, tags: [`tag ${id % 7}`, `other ${id % 11}`], nested: {x: id / 2},
}));
const times = [];
for (let round = 0; round < 40; round++) {
    const start = process.hrtime.bigint();
    const cloned = structuredClone(list);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
    if (cloned.length !== list.length) process.exit(1);
}
times.sort((a, b) => a - b);
console.log(times[0], times[times.length / 2]);
";

/// Creates the same list as `NODE`.
fn list() -> Value {
    Value::list((0..20_000_u32).map(|id| {
        Value::record([
            ("id", Value::from(id)),
            ("name", Value::from(format!("name {id}"))),
            (
                "tags",
                Value::list([format!("tag {}", id % 7), format!("other {}", id % 11)]),
            ),
            (
                "nested",
                Value::record([("x", Value::from(f64::from(id) / 2.0))]),
            ),
        ])
    }))
}

fn clone(value: &Value) -> Option<Value> {
    let mut heap = ValueHeap::default();
    let serialized = structured_serialize(&mut heap, value).ok()?;
    structured_deserialize(&mut heap, &serialized, &()).ok()
}

/// The minimum and the median time of forty runs, in milliseconds.
#[derive(Clone, Copy)]
struct Times {
    least: f64,
    median: f64,
}

impl Times {
    fn of(mut round: impl FnMut() -> Duration) -> Self {
        let mut times: Vec<Duration> = (0..40).map(|_| round()).collect();
        times.sort_unstable();
        let milliseconds = |index: usize| {
            times
                .get(index)
                .map_or(0.0, |time| time.as_secs_f64() * 1e3)
        };
        Self {
            least: milliseconds(0),
            median: milliseconds(20),
        }
    }
}

/// Measures Node.
fn node() -> Option<Times> {
    let output = Command::new("node").args(["-e", NODE]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (least, median) = text.trim().split_once(' ')?;
    Some(Times {
        least: least.parse().ok()?,
        median: median.parse().ok()?,
    })
}

fn against_node(list: &Value) {
    let cloned = Times::of(|| {
        let start = Instant::now();
        let cloned = black_box(clone(list));
        let time = start.elapsed();
        drop(cloned);
        time
    });
    let dropped = Times::of(|| {
        let start = Instant::now();
        drop(black_box(clone(list)));
        start.elapsed()
    });
    let node = node();
    println!("20,000 objects, in ms: the least time of 40, and the median");
    let rows = [
        ("plain Rust, cloned", Some(cloned)),
        ("plain Rust, cloned and dropped", Some(dropped)),
        ("Node", node),
    ];
    for (name, times) in rows {
        let Some(Times { least, median }) = times else {
            println!("{name}: none here");
            continue;
        };
        print!("{name}: {least:.2}, {median:.2}");
        match node {
            Some(node) => println!(
                "; of Node's {:.2}, {:.2}",
                least / node.least,
                median / node.median
            ),
            None => println!(),
        }
    }
}

fn structured_clone(criterion: &mut Criterion) {
    let list = list();
    against_node(&list);
    let mut heap = ValueHeap::default();
    let Ok(serialized) = structured_serialize(&mut heap, &list) else {
        return;
    };
    criterion.bench_function("serialize 20,000 objects, plain Rust", |bencher| {
        bencher.iter(|| structured_serialize(&mut heap, &list).is_ok());
    });
    criterion.bench_function("deserialize 20,000 objects, plain Rust", |bencher| {
        bencher.iter_with_large_drop(|| structured_deserialize(&mut heap, &serialized, &()));
    });
    criterion.bench_function("clone and drop 20,000 objects, plain Rust", |bencher| {
        bencher.iter(|| clone(&list).is_some());
    });
}

criterion_group!(benches, structured_clone);
criterion_main!(benches);
