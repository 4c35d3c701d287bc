//! Measures the cost of queueing a task and taking it again.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use framepost_event_loop::{EventLoop, NextTask, TaskSource, TimerKind, TimerTask};

enum Task {
    Number(u64),
    Timer(TimerTask),
}

impl From<TimerTask> for Task {
    fn from(task: TimerTask) -> Self {
        Self::Timer(task)
    }
}

fn take(event_loop: &mut EventLoop<Task, ()>) -> u64 {
    match event_loop.next_task() {
        NextTask::Task(queued) => match queued.task {
            Task::Number(number) => number,
            Task::Timer(task) => event_loop.begin_timer(&task).map_or(0, |_| {
                event_loop.finish_timer(&task);
                event_loop.task_has_run();
                1
            }),
        },
        _ => 0,
    }
}

fn tasks(criterion: &mut Criterion) {
    let mut event_loop: EventLoop<Task, ()> = EventLoop::new();
    let globals: Vec<_> = (0..100)
        .map(|_| {
            let global = event_loop.create_global();
            let client = event_loop.create_client(global);
            event_loop.set_fully_active(client, true);
            global
        })
        .collect();

    criterion.bench_function("queue and take a task", |bencher| {
        bencher.iter(|| {
            let _ = event_loop.queue_global_task(
                TaskSource::PostedMessage,
                globals[0],
                Task::Number(1),
            );
            black_box(take(&mut event_loop))
        });
    });
    criterion.bench_function("queue and take 1,000 tasks of 100 windows", |bencher| {
        bencher.iter(|| {
            for number in 0..1_000 {
                let global = globals[number as usize % globals.len()];
                let _ = event_loop.queue_global_task(
                    TaskSource::DomManipulation,
                    global,
                    Task::Number(number),
                );
            }
            (0..1_000).map(|_| take(&mut event_loop)).sum::<u64>()
        });
    });
    criterion.bench_function("queue and take a message of a new port", |bencher| {
        let mut port = 0;
        bencher.iter(|| {
            port += 1;
            let source = TaskSource::Port(port);
            let _ = event_loop.queue_global_task(source, globals[0], Task::Number(1));
            black_box(take(&mut event_loop))
        });
    });
    criterion.bench_function("set a timeout and run it", |bencher| {
        bencher.iter(|| {
            event_loop.timer_initialization_steps(globals[0], 1, TimerKind::Timeout);
            black_box(take(&mut event_loop))
        });
    });
}

criterion_group!(benches, tasks);
criterion_main!(benches);
