//! The `framepost` command.

mod command;

/// OPTIMIZATION: script makes many small objects. The system's allocator took a tenth of the instructions of a
/// message, and a fifth of those of a small object's message.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    command::main()
}
