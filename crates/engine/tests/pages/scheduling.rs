//! Animation frames, idle callbacks, and tasks with priorities.

use crate::support::{page, script};

#[test]
fn animation_frames_share_a_time_and_run_before_those_they_request() {
    script(
        "const times = [];
         requestAnimationFrame(time => {
           console.log('first'); times.push(time);
           Promise.resolve().then(() => console.log('microtask'));
           requestAnimationFrame(time => { console.log('third', time - times[0] > 16); });
         });
         requestAnimationFrame(function (time) { console.log('second', this === window, time === times[0]); });
         console.log(typeof requestAnimationFrame(() => {}));",
        &[
            "number",
            "first",
            "microtask",
            "second true true",
            "third true",
        ],
    );
}

#[test]
fn cancelled_animation_frame_does_not_run() {
    script(
        "const before = requestAnimationFrame(() => console.log('cancelled before'));
         cancelAnimationFrame(before);
         requestAnimationFrame(() => cancelAnimationFrame(after));
         const after = requestAnimationFrame(() => console.log('cancelled by another'));
         requestAnimationFrame(() => console.log('runs'));
         cancelAnimationFrame(4711);",
        &["runs"],
    );
}

#[test]
fn exception_in_an_animation_frame_is_reported_and_the_next_callback_runs() {
    script(
        "onerror = message => { console.log(message); return true; };
         requestAnimationFrame(() => { throw new Error('once'); });
         requestAnimationFrame(() => console.log('next'));",
        &["Uncaught Error: once", "next"],
    );
}

#[test]
fn frames_of_a_page_are_updated_together() {
    page(
        "<!DOCTYPE html><iframe srcdoc='<script>requestAnimationFrame(t => parent.times.push(t))</script>'></iframe>
         <iframe id=gone></iframe>
         <script>
         var times = [];
         gone.contentWindow.requestAnimationFrame(() => console.log('of a removed frame'));
         gone.remove();
         onload = () => {
           frames[0].requestAnimationFrame(t => times.push(t));
           requestAnimationFrame(t => { times.push(t); setTimeout(() => console.log(times.length, new Set(times).size <= 2)); });
         };</script>",
        &["3 true"],
    );
}

#[test]
fn worker_has_animation_frames() {
    script(
        "const source = 'requestAnimationFrame(time => postMessage(time > 0))';
         new Worker(URL.createObjectURL(new Blob([source]))).onmessage = e => console.log(e.data);",
        &["true"],
    );
}

#[test]
fn idle_callbacks_run_when_nothing_else_can() {
    script(
        "requestIdleCallback(deadline => {
           console.log('idle', deadline instanceof IdleDeadline, deadline.didTimeout);
           console.log(deadline.timeRemaining() > 0, deadline.timeRemaining() <= 50);
           requestIdleCallback(() => console.log('next period'));
         });
         requestIdleCallback(() => console.log('same period'));
         cancelIdleCallback(requestIdleCallback(() => console.log('cancelled')));
         postMessage('message', '*');
         onmessage = e => console.log(e.data);
         console.log('script');",
        &[
            "script",
            "message",
            "idle true false",
            "true true",
            "same period",
            "next period",
        ],
    );
}

#[test]
fn timeout_of_an_idle_callback_passes_while_the_loop_is_busy() {
    script(
        "let busy = true;
         const post = () => { if (busy) postMessage(0, '*'); };
         onmessage = post; post();
         requestIdleCallback(deadline => {
           busy = false;
           console.log(deadline.didTimeout, deadline.timeRemaining());
         }, { timeout: 10 });",
        &["true 0"],
    );
}

#[test]
fn idle_period_ends_when_a_timer_is_due() {
    script(
        "setTimeout(() => console.log('timer'), 10);
         requestIdleCallback(deadline => console.log(deadline.timeRemaining() <= 10));",
        &["true", "timer"],
    );
}

#[test]
fn scheduled_tasks_run_by_priority() {
    script(
        "const post = (name, options) => scheduler.postTask(() => console.log(name), options);
         post('background', { priority: 'background' });
         post('visible');
         postMessage('message', '*'); onmessage = e => console.log(e.data);
         post('blocking', { priority: 'user-blocking' });
         post('delayed', { priority: 'user-blocking', delay: 10 });
         console.log('script');",
        &[
            "script",
            "blocking",
            "visible",
            "message",
            "background",
            "delayed",
        ],
    );
}

#[test]
fn scheduled_task_settles_its_promise() {
    script(
        "scheduler.postTask(() => 5).then(value => console.log(value));
         scheduler.postTask(async () => 'later').then(value => console.log(value));
         scheduler.postTask(() => { throw new RangeError('no'); }).catch(error => console.log(error.name));
         scheduler.postTask(5).catch(error => console.log(error.name));
         scheduler.postTask(() => {}, { priority: 'urgent' }).catch(error => console.log(error.name));
         scheduler.postTask(() => {}, { signal: AbortSignal.abort('gone') }).catch(reason => console.log(reason));",
        &["TypeError", "TypeError", "gone", "5", "later", "RangeError"],
    );
}

#[test]
fn signal_aborts_the_tasks_that_wait() {
    script(
        "const controller = new TaskController();
         const { signal } = controller;
         console.log(signal instanceof TaskSignal, signal instanceof AbortSignal, controller instanceof AbortController);
         const post = name => scheduler.postTask(() => console.log(name), { signal });
         post('first').then(() => controller.abort('enough'));
         post('second').catch(reason => console.log('second', reason));
         scheduler.postTask(() => console.log('late'), { signal, delay: 5 }).catch(reason => console.log('late', reason));",
        &["true true true", "first", "second enough", "late enough"],
    );
}

#[test]
fn changed_priority_moves_the_tasks_of_a_signal() {
    script(
        "const controller = new TaskController({ priority: 'background' });
         const { signal } = controller;
         signal.onprioritychange = event => {
           console.log(event.constructor.name, event.previousPriority, signal.priority);
           try { controller.setPriority('background'); } catch (error) { console.log(error.name); }
         };
         const dependent = TaskSignal.any([], { priority: signal });
         scheduler.postTask(() => console.log('of the signal'), { signal });
         scheduler.postTask(() => console.log('of the dependent signal'), { signal: dependent });
         scheduler.postTask(() => console.log('other'));
         controller.setPriority('user-blocking');
         console.log(dependent.priority, TaskSignal.any([signal]).priority);",
        &[
            "TaskPriorityChangeEvent background user-blocking",
            "NotAllowedError",
            "user-blocking user-visible",
            "of the signal",
            "of the dependent signal",
            "other",
        ],
    );
}

#[test]
fn continuation_inherits_the_priority_of_its_task() {
    script(
        "scheduler.postTask(async () => {
           console.log('begin');
           await scheduler.yield();
           console.log('after the first yield');
           await fetchLike();
           await scheduler.yield();
           console.log('after the second yield');
         }, { priority: 'background' });
         const fetchLike = async () => {};
         scheduler.postTask(() => console.log('background'), { priority: 'background' });
         (async () => { await scheduler.yield(); console.log('visible'); })();",
        &[
            "visible",
            "begin",
            "after the first yield",
            "after the second yield",
            "background",
        ],
    );
}

#[test]
fn aborted_task_rejects_its_continuation() {
    script(
        "const controller = new AbortController();
         scheduler.postTask(async () => {
           await scheduler.yield();
           controller.abort('stop');
           try { await scheduler.yield(); } catch (reason) { console.log(reason); }
         }, { signal: controller.signal });",
        &["stop"],
    );
}

#[test]
fn worker_has_a_scheduler_and_a_removed_frame_runs_no_task() {
    page(
        "<!DOCTYPE html><iframe></iframe><script>
         const other = frames[0].scheduler;
         frames[0].scheduler.postTask(() => console.log('of a removed frame'));
         document.querySelector('iframe').remove();
         other.postTask(() => console.log('posted later')).then(() => console.log('settled'));
         const source = 'scheduler.postTask(() => 7).then(postMessage)';
         new Worker(URL.createObjectURL(new Blob([source]))).onmessage = e => console.log(e.data);
         </script>",
        &["7"],
    );
}
