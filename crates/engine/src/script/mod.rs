//! An agent's script state, and the functions that run script.
//!
//! This module calls higher modules only through the [`Embedding`] table.

pub(crate) mod muted_scripts;
pub(crate) mod nonces;
pub(crate) mod origins;
pub(crate) mod time;

mod host;
mod message_host;
pub(crate) mod running;
mod state;
mod tasks;

pub(crate) use host::{
    Embedding, Host, can_run_script, clean_up_after_running_script, prepare_to_run_script,
    report_error, report_exception, report_script_exception, run_steps,
};
pub(crate) use running::Running;
pub(crate) use state::{
    State, WindowRecord, World, emit, state, with_contexts, with_loop, with_messaging,
    with_messaging_and_contexts, with_messaging_of,
};
pub(crate) use tasks::{
    AgentLoop, EngineTask, Task, TaskId, TaskKind, queue_a_global_task, queue_a_microtask,
};
pub(crate) mod agent_clusters;
pub(crate) mod callback;
pub(crate) mod discarded_windows;
pub(crate) mod error_place;
pub(crate) mod realm;
pub(crate) mod recent_realms;
pub(crate) mod scheduling_state;
pub(crate) mod settlement;
pub(crate) mod task_log;

pub(crate) use framepost_boa::{globals, port_objects, wrappers};
pub(crate) use message_host::{Engine, MessageHost};
