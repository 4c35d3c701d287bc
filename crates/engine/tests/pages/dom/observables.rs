//! Tests of observables.

use crate::support::{page, script};

#[test]
fn observable_emits_to_its_observers_until_it_completes() {
    script(
        "const log = (...a) => console.log(...a)
         const source = new Observable(s => { s.addTeardown(() => log('teardown')); s.next(1); s.next(2); s.complete(); s.next(3); log('active', s.active) })
         source.subscribe({ next: v => log('next', v), complete: () => log('complete') })
         source.subscribe(v => log('function', v))
         try { source.subscribe(1) } catch (e) { log(e.name) }",
        &[
            "next 1", "next 2", "teardown", "complete", "active false", "function 1", "function 2",
            "teardown", "active false", "TypeError",
        ],
    );
}

#[test]
fn operators_make_observables() {
    script(
        "const from = (...v) => Observable.from(v)
         const show = async (name, o) => console.log(name, ...await o.toArray())
         show('map', from(1, 2).map((v, i) => v * 10 + i))
         show('filter', from(1, 2, 3).filter(v => v % 2))
         show('take', from(1, 2, 3).take(2)); show('drop', from(1, 2, 3).drop(2))
         show('flatMap', from(1, 2).flatMap(v => from(v, v)))
         show('switchMap', from(1, 2).switchMap(v => from(v, -v)))
         show('catch', new Observable(s => { s.next(1); s.error(5) }).catch(e => from(e)))
         show('finally', from(1).finally(() => console.log('finally')))
         show('takeUntil', from(1).takeUntil(from('x')))
         show('inspect', from(1).inspect({ next: v => console.log('inspect', v), subscribe: () => console.log('subscribe') }))",
        &[
            "finally", "subscribe", "inspect 1", "map 10 21", "filter 1 3", "take 1 2", "drop 3",
            "flatMap 1 1 2 2", "switchMap 1 -1 2 -2", "catch 1 5", "finally 1", "takeUntil",
            "inspect 1",
        ],
    );
}

#[test]
fn operators_make_promises() {
    script(
        "const from = (...v) => Observable.from(v), none = from()
         const show = (name, p) => p.then(v => console.log(name, v), e => console.log(name, 'rejected', e.name || e))
         show('first', from(1, 2).first()); show('last', from(1, 2).last()); show('empty', none.first())
         show('every', from(1, 2).every(v => v < 2)); show('some', from(1, 2).some(v => v > 1))
         show('find', from(1, 2).find(v => v > 1)); show('reduce', from(1, 2, 3).reduce((a, v) => a + v))
         show('forEach', from(1).forEach(v => { throw 'thrown' }))
         show('aborted', new Observable(() => {}).toArray({ signal: AbortSignal.abort('why') }))",
        &[
            "first 1", "last 2", "empty rejected RangeError", "every false", "some true", "find 2",
            "reduce 6", "forEach rejected thrown", "aborted rejected why",
        ],
    );
}

#[test]
fn when_listens_as_long_as_it_is_subscribed() {
    script(
        "const target = new EventTarget(), end = new AbortController()
         target.when('x').map(e => e.type).subscribe({ next: v => console.log(v) }, { signal: end.signal })
         target.dispatchEvent(new Event('x')); target.dispatchEvent(new Event('x')); end.abort()
         target.dispatchEvent(new Event('x')); console.log('end')",
        &["x", "x", "end"],
    );
}

#[test]
fn conversions_take_iterables_and_promises() {
    script(
        "async function* g() { try { yield 1; yield 2; yield 3 } finally { console.log('closed') } }
         const end = new AbortController()
         Observable.from(g()).subscribe({ next(v) { console.log(v); if (v == 2) end.abort() } }, { signal: end.signal })
         Observable.from(Promise.resolve('p')).subscribe({ next: console.log, complete: () => console.log('complete') })
         Observable.from(Promise.reject('no')).subscribe({ error: e => console.log('error', e) })
         try { Observable.from(5) } catch (e) { console.log(e.name) }",
        &["TypeError", "p", "complete", "error no", "1", "2", "closed"],
    );
}

#[test]
fn errors_without_an_observer_are_reported() {
    page(
        "<script>onerror = m => { console.log(m); return true }; new Observable(s => { throw new Error('a') }).subscribe(); new Observable(s => { s.error('b'); s.error('c') }).subscribe({ error: console.log })</script>",
        &["Uncaught Error: a", "b", "Uncaught c"],
    );
}
