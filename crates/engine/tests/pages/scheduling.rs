//! Animation frames and idle callbacks.

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
