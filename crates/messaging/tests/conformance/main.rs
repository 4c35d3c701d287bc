//! The checks for embedders: plain values and the plain world pass them, and each planted fault is found.
#![allow(clippy::expect_used, clippy::panic)]

mod faulty_heap;
mod faulty_host;

use faulty_heap::{FaultyHeap, HeapFault};
use faulty_host::{FaultyHost, HostFault};
use framepost_browsing_context::loader::MemoryLoader;
use framepost_messaging::Value;
use framepost_messaging::conformance::{
    PAGE, Report, Samples, check_depth, check_heap, check_host,
};
use framepost_messaging::plain::World;
use framepost_messaging::structured_clone::{AgentCluster, CloneError};
use framepost_messaging::value::{Object, ValueHeap, ValueHost};

#[track_caller]
fn assert_passes(report: &Report, least: usize) {
    assert!(report.failures().is_empty(), "{report}");
    assert!(report.passed() >= least, "{report}");
}

#[test]
fn plain_values_pass() {
    let samples =
        Samples::new().refused("a platform object", Object::platform("Window", ()).into());
    assert_passes(&check_heap(&mut ValueHeap::default(), &(), &samples), 60);
}

#[test]
fn deep_plain_values_pass() {
    let report = check_depth(&mut ValueHeap::default(), &(), &Samples::new());
    assert_passes(&report, 1);
}

/// Plain values that may share memory with some realms.
struct Sharing(AgentCluster);

impl ValueHost for Sharing {
    type Realm = AgentCluster;
    type Error = CloneError;

    fn current_agent_cluster(&mut self) -> Option<AgentCluster> {
        Some(self.0)
    }

    fn agent_cluster_of(&mut self, realm: &AgentCluster) -> Option<AgentCluster> {
        Some(*realm)
    }
}

#[test]
fn shared_memory_passes_within_its_agent_cluster_and_beyond() {
    for realm in [1, 2] {
        let shared: Value = Object::shared_array_buffer(std::sync::Arc::new(7_u8)).into();
        let samples = Samples::new().shared_memory(shared);
        let report = check_heap(
            &mut Sharing(AgentCluster(1)),
            &AgentCluster(realm),
            &samples,
        );
        assert_passes(&report, 60);
    }
}

#[test]
fn the_plain_world_passes() {
    let mut loader = MemoryLoader::new();
    loader.add("http://localhost/", PAGE).expect("a URL");
    let mut world = World::new(loader);
    let page = world.open("http://localhost/").expect("a page");
    let _ = world.run_until_idle();
    assert_passes(&check_host(&mut world, page), 50);
}

fn faulty_heap(fault: Option<HeapFault>) -> Report {
    let function = Object::platform("Function", ());
    let samples = Samples::new().refused("a function", function.into());
    check_heap(&mut FaultyHeap { fault }, &(), &samples)
}

#[test]
fn each_fault_of_a_heap_is_found() {
    assert_passes(&faulty_heap(None), 60);
    for (fault, check) in HeapFault::ALL {
        let report = faulty_heap(Some(fault));
        assert!(report.failed().contains(&check), "{fault:?}: {report}");
    }
}

#[test]
fn a_fault_of_deep_values_is_found() {
    let fault = Some(HeapFault::CauseLost);
    let report = check_depth(&mut FaultyHeap { fault }, &(), &Samples::new());
    assert_eq!(report.failed(), ["fifty thousand levels"]);
}

#[test]
fn each_fault_of_a_host_is_found() {
    assert_passes(&FaultyHost::checked(None), 50);
    for (fault, check) in HostFault::ALL {
        let report = FaultyHost::checked(Some(fault));
        assert!(report.failed().contains(&check), "{fault:?}: {report}");
    }
}

#[test]
fn a_failure_says_what_was_expected_and_what_was_found() {
    let report = faulty_heap(Some(HeapFault::DateWithoutTime));
    let failure = report
        .failures()
        .iter()
        .find(|it| it.name == "the class of a Date");
    assert_eq!(
        failure.map(ToString::to_string).as_deref(),
        Some("the class of a Date\n    expected: Date(12.0)\n    found:    Date(0.0)")
    );
}
