//! Random and exhaustive programs, which [`run`] compares with the model.
//!
//! A program contains all operations on ports: transfer, also inside their own messages, of both ends at
//! once and in chains; navigation, removal and collection; workers that start, end by themselves or are
//! terminated; messages that cannot be deserialized; limits.

use proptest::prelude::*;

use super::model::Limits;
use super::run::{Op, WINDOWS, run};

fn op() -> impl Strategy<Value = Op> {
    let n = || 0..12_usize;
    let carried = || proptest::collection::vec(n(), 0..4);
    prop_oneof![
        3 => n().prop_map(Op::Create),
        8 => (n(), carried()).prop_map(|(n, ports)| Op::Post(n, ports)),
        4 => (n(), carried()).prop_map(|(n, ports)| Op::PostToWindow(n, ports)),
        3 => n().prop_map(Op::Start),
        1 => n().prop_map(Op::Close),
        1 => n().prop_map(Op::Collect),
        1 => n().prop_map(Op::DropHalf),
        1 => n().prop_map(Op::OpenWindow),
        1 => n().prop_map(Op::NextDocument),
        2 => (n(), n()).prop_map(|(n, owner)| Op::StartWorker(n, owner)),
        2 => n().prop_map(Op::EnableWorker),
        4 => (n(), any::<bool>(), carried())
            .prop_map(|(n, to_worker, ports)| Op::PostToWorker(n, to_worker, ports)),
        1 => (n(), any::<bool>()).prop_map(|(n, terminated)| Op::EndWorker(n, terminated)),
        2 => (n(), any::<bool>()).prop_map(|(n, listens)| Op::Listen(n, listens)),
        6 => Just(Op::Step),
        1 => Just(Op::FailingStep),
    ]
}

fn program() -> impl Strategy<Value = Vec<Op>> {
    // A window is destroyed sometimes, but not too early.
    let ending = (proptest::collection::vec(op(), 1..40), 0..WINDOWS).prop_map(|(mut ops, n)| {
        ops.push(Op::DestroyWindow(n));
        ops
    });
    (
        proptest::collection::vec(ending, 1..3),
        proptest::collection::vec(op(), 0..20),
    )
        .prop_map(|(parts, rest)| {
            let mut ops: Vec<Op> = parts.into_iter().flatten().collect();
            ops.extend(rest);
            ops
        })
}

/// Half of the programs have limits.
fn limits() -> impl Strategy<Value = Limits> {
    let limit = || proptest::option::of(1..6_usize);
    prop_oneof![Just((None, None)), (limit(), limit())]
}

proptest! {
    #![proptest_config(ProptestConfig {
        // `PROPTEST_CASES` can raise the number: `.ci/long` runs a million.
        cases: ProptestConfig::default().cases.max(10_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_programs_match_the_model(program in program(), limits in limits()) {
        run(&program, limits);
    }
}

/// Runs every program of up to `length` steps from a small alphabet, after creating two channels.
#[test]
fn all_small_programs_match_the_model() {
    let mut alphabet = vec![Op::Step, Op::DestroyWindow(0), Op::Post(0, vec![])];
    for port in 0..2 {
        alphabet.extend([
            Op::Start(port),
            Op::Close(port),
            Op::Post(port, vec![2]),
            Op::Post(port + 1, vec![0, 3]),
            Op::PostToWindow(1, vec![port]),
        ]);
    }
    let length = 4;
    let mut program = vec![0; length];
    loop {
        let mut ops = vec![Op::Create(0), Op::Create(1)];
        ops.extend(program.iter().map(|&n| alphabet[n].clone()));
        run(&ops, (None, None));
        // Advances to the next program, like an odometer.
        let Some(place) = program.iter().rposition(|&n| n + 1 < alphabet.len()) else {
            break;
        };
        program[place] += 1;
        program[place + 1..].fill(0);
    }
}
