//! Readable streams with a default controller.

use expect_test::expect;

use crate::support::check_script;

#[test]
fn source_is_pulled_while_there_is_room() {
    check_script(
        "(async () => {
           let pulls = 0;
           const stream = new ReadableStream({
             start(controller) { log('start', controller.desiredSize); },
             pull(controller) {
               controller.enqueue(++pulls);
               if (pulls === 4) controller.close();
             },
           }, new CountQueuingStrategy({ highWaterMark: 2 }));
           await new Promise((resolve) => setTimeout(resolve));
           log('pulled', pulls, stream.locked);
           const reader = stream.getReader();
           log(JSON.stringify(await reader.read()), pulls, stream.locked);
           reader.releaseLock();
           const rest = [];
           for await (const chunk of stream) rest.push(chunk);
           log(rest.join(), stream.locked);
           await reader.read().catch((error) => log(error.name));
         })();",
        expect![[r#"
            start 2
            pulled 2 false
            {"value":1,"done":false} 3 true
            2,3,4 false
            TypeError
        "#]],
    );
}

#[test]
fn cancel_reaches_the_source_through_both_branches_of_a_tee() {
    check_script(
        "(async () => {
           const stream = new ReadableStream({
             start(controller) { controller.enqueue('a'); },
             cancel(reason) { log('canceled', reason.join()); },
           });
           const [one, two] = stream.tee();
           const [first, second] = await Promise.all([one, two].map((branch) => branch.getReader().read()));
           log(first.value, second.value, stream.locked);
           const [three, four] = new ReadableStream({ cancel(reason) { log('canceled', reason.join()); } }).tee();
           const done = three.cancel('x');
           four.cancel('y');
           await done;
           log('done');
         })();",
        expect![[r#"
            a a true
            canceled x,y
            done
        "#]],
    );
}

#[test]
fn error_and_bad_size_reach_the_reader() {
    check_script(
        "(async () => {
           let controller;
           const failed = new ReadableStream({ start(given) { controller = given; } });
           const read = failed.getReader().read();
           controller.error('why');
           await read.catch((reason) => log(reason, controller.desiredSize));
           const bad = new ReadableStream({ start(given) { controller = given; } }, { size: () => -1 });
           try { controller.enqueue('a'); } catch (error) { log(error.name); }
           await bad.getReader().closed.catch((error) => log(error.name));
         })();",
        expect![[r#"
            why null
            RangeError
            RangeError
        "#]],
    );
}

#[test]
fn from_takes_both_kinds_of_iterables_and_closes_them() {
    check_script(
        "(async () => {
           const collect = async (stream) => { const all = []; for await (const chunk of stream) all.push(chunk); return all.join(); };
           log(await collect(ReadableStream.from(['a', Promise.resolve('b')])));
           async function* numbers() { try { yield 1; yield 2; yield 3; } finally { log('closed'); } }
           log(await collect(ReadableStream.from(numbers())));
           for await (const number of ReadableStream.from(numbers())) { log(number); break; }
           const kept = ReadableStream.from([1, 2]);
           for await (const number of kept.values({ preventCancel: true })) { log(number); break; }
           log(await collect(kept));
           try { ReadableStream.from(7); } catch (error) { log(error.name); }
         })();",
        expect![[r#"
            a,b
            closed
            1,2,3
            1
            closed
            1
            2
            TypeError
        "#]],
    );
}

#[test]
fn branches_of_branches_end_without_exhausting_the_stack() {
    check_script(
        "addEventListener('unhandledrejection', (event) => event.preventDefault());
         (async () => {
           let controller;
           let stream = new ReadableStream({ start(given) { controller = given; }, cancel() { log('canceled'); } });
           const outer = stream;
           for (let level = 0; level < 4000; level++) {
             const [one, two] = stream.tee();
             two.cancel();
             stream = one;
           }
           await stream.cancel().catch((error) => log(error.name));
           log(outer.locked);
         })();",
        expect![[r#"
            RangeError
            true
        "#]],
    );
}
