//! Tests of canvases, image data and image bitmaps: painting, cloning and transfer. Each case is a
//! script and its console messages.

use expect_test::expect;

use framepost::PageOptions;

use crate::support::Setting;

/// Runs a page that contains this script and compares its console messages, line by line. The
/// script can call `px(context, x, y)` to read a pixel, and `name(f)` for the name of the exception
/// that `f` throws.
const PAGE: Setting = Setting {
    url: "http://a.test/",
    before: "<!DOCTYPE html><body><script>
        const ctx2d = (w, h) => new OffscreenCanvas(w, h).getContext('2d');
        const px = (ctx, x, y) => ctx.getImageData(x, y, 1, 1).data.join();
        const name = f => { try { f(); return 'no' } catch (e) { return e.name } };
        const failed = p => p.then(() => 'no', e => e.name);
        const clone = (value, transfer = []) => new Promise(resolve => {
            const { port1, port2 } = new MessageChannel();
            port2.onmessage = event => resolve(event.data);
            port1.postMessage(value, transfer);
        });
        (async () => { ",
    after: " })();
        </script>",
    options: PageOptions::new,
};

#[test]
fn canvas_is_painted_and_read() {
    PAGE.check(
        r#"
        const canvas = document.createElement("canvas");
        console.log(canvas.width, canvas.height, canvas.getContext("webgl"));
        canvas.width = 4; canvas.setAttribute("height", "2");
        const ctx = canvas.getContext("2d");
        console.log(ctx.canvas === canvas, ctx === canvas.getContext("2d"), String(ctx), "arc" in ctx);
        console.log(ctx.fillStyle); ctx.fillStyle = "rgb(1 2 3)"; ctx.fillStyle = "nonsense";
        console.log(ctx.fillStyle, px(ctx, 0, 0));
        ctx.fillRect(0, 0, 2, 2); console.log(px(ctx, 1, 1), px(ctx, 2, 1));
        ctx.save(); ctx.globalAlpha = 0.5; ctx.fillStyle = "white"; ctx.fillRect(3, 0, -1, 1); ctx.restore();
        console.log(px(ctx, 2, 0), ctx.globalAlpha, ctx.fillStyle);
        ctx.clearRect(0, 0, 1, 1); console.log(px(ctx, 0, 0), px(ctx, 1, 0));
        const bytes = ctx.getImageData(3, 2, -2, -2);
        console.log(bytes.width, bytes.height, bytes.data.join());
        canvas.width = canvas.width; console.log(px(ctx, 1, 1), ctx.fillStyle);
        canvas.width = -1; console.log(canvas.width, canvas.getAttribute("width"));
        "#,
        expect![[r#"
            300 150 null
            true true [object CanvasRenderingContext2D] false
            #000000
            #010203 0,0,0,0
            1,2,3,255 0,0,0,0
            255,255,255,128 1 #010203
            0,0,0,0 1,2,3,255
            2 2 1,2,3,255,255,255,255,128,1,2,3,255,0,0,0,0
            0,0,0,0 #000000
            300 300
        "#]],
    );
}

#[test]
fn put_image_data_and_draw_image_paint_pixels() {
    PAGE.check(
        r#"
        const ctx = ctx2d(3, 1);
        const image = ctx.createImageData(2, -1);
        console.log(image.width, image.height, image.colorSpace, image.data.constructor.name, image.data.length);
        image.data.set([1, 2, 3, 4, 500, -1, 7, 8]);
        ctx.putImageData(image, 0, 0); console.log(ctx.getImageData(0, 0, 3, 1).data.join());
        ctx.putImageData(image, 1, 0, 1, 0, 1, 1); console.log(ctx.getImageData(0, 0, 3, 1).data.join());
        const red = ctx2d(1, 1); red.fillStyle = "red"; red.fillRect(0, 0, 1, 1);
        ctx.drawImage(red.canvas, 0, 0); console.log(px(ctx, 0, 0));
        ctx.drawImage(red.canvas, 0, 0, 1, 1, 1, 0, 2, 1); console.log(px(ctx, 1, 0), px(ctx, 2, 0));
        ctx.drawImage(new Image(), 0, 0);
        console.log(name(() => ctx.drawImage({}, 0, 0)), name(() => ctx.drawImage(red.canvas, 0, 0, 1)),
            name(() => ctx.drawImage(new OffscreenCanvas(0, 1), 0, 0)), name(() => ctx.getImageData(0, 0, 0, 1)),
            name(() => ctx.getImageData(0, 0, 1e5, 1e5)), name(() => ctx.getImageData(0, 0, Infinity, 1)));
        "#,
        expect![[r#"
            2 1 srgb Uint8ClampedArray 8
            1,2,3,4,255,0,7,8,0,0,0,0
            1,2,3,4,255,0,7,8,255,0,7,8
            255,0,0,255
            255,0,0,255 255,0,0,255
            TypeError TypeError InvalidStateError IndexSizeError RangeError TypeError
        "#]],
    );
}

#[test]
fn image_data_is_cloned_with_its_array() {
    PAGE.check(
        r#"
        const array = new Uint8ClampedArray(8);
        const image = new ImageData(array, 1, 2, { colorSpace: "display-p3" });
        console.log(image.data === array, image.height, new ImageData(array, 2).height);
        console.log([() => new ImageData(0, 1), () => new ImageData(1e5, 1e5), () => new ImageData(array, 3),
            () => new ImageData(array, 1, 3), () => new ImageData(new Uint8ClampedArray(3), 1),
            () => new ImageData(new Uint8Array(4), 1), () => new ImageData(1, 1, { colorSpace: "x" })].map(name).join());
        array[5] = 9;
        const copy = await clone({ image, array });
        console.log(copy.image instanceof ImageData, copy.image.data === copy.array, copy.array[5],
            copy.image.width, copy.image.height, copy.image.colorSpace);
        const moved = await clone(image, [array.buffer]);
        console.log(moved.data[5], image.data.length, name(() => structuredClone(image)), image.width);
        const ctx = ctx2d(1, 1);
        console.log(name(() => ctx.putImageData(image, 0, 0)), await failed(createImageBitmap(image)));
        "#,
        expect![[r#"
            true 2 1
            IndexSizeError,RangeError,IndexSizeError,IndexSizeError,InvalidStateError,IndexSizeError,TypeError
            true true 9 1 2 display-p3
            9 0 DataCloneError 1
            InvalidStateError InvalidStateError
        "#]],
    );
}

#[test]
fn image_bitmaps_are_created_cloned_and_transferred() {
    PAGE.check(
        r#"
        const ctx = ctx2d(2, 1); ctx.fillStyle = "red"; ctx.fillRect(0, 0, 1, 1);
        const bitmap = await createImageBitmap(ctx.canvas);
        ctx.clearRect(0, 0, 2, 1);
        const shown = ctx2d(4, 4);
        const look = image => { shown.reset(); shown.drawImage(image, 0, 0); return `${image.width}x${image.height} ${px(shown, 0, 0)}` };
        console.log(look(bitmap), look(await clone(bitmap)), bitmap.width);
        const twice = await clone([bitmap, bitmap], [bitmap]);
        console.log(twice[0] === twice[1], look(twice[0]), bitmap.width, bitmap.height);
        console.log(name(() => shown.drawImage(bitmap, 0, 0)), await failed(createImageBitmap(bitmap)),
            await failed(clone(bitmap)), await failed(clone(0, [bitmap])));
        twice[0].close(); console.log(twice[0].width);
        const data = new ImageData(new Uint8ClampedArray([1, 1, 1, 255, 2, 2, 2, 255]), 1);
        console.log(look(await createImageBitmap(data, 0, 1, 1, 1)), look(await createImageBitmap(data, { imageOrientation: "flipY" })),
            look(await createImageBitmap(data, { resizeWidth: 3 })), look(await createImageBitmap(data, -1, -1, 2, 2)));
        console.log((await Promise.all([createImageBitmap(), createImageBitmap({}), createImageBitmap(new Blob()), createImageBitmap(new Image()),
            createImageBitmap(data, 0, 0, 0, 1), createImageBitmap(data, 1, 1), createImageBitmap(data, { resizeWidth: 0 }),
            createImageBitmap(data, { imageOrientation: "x" })].map(failed))).join());
        "#,
        expect![[r#"
            2x1 255,0,0,255 2x1 255,0,0,255 2
            true 2x1 255,0,0,255 0 0
            InvalidStateError InvalidStateError DataCloneError DataCloneError
            0
            1x1 2,2,2,255 1x2 2,2,2,255 3x6 1,1,1,255 2x2 0,0,0,0
            TypeError,TypeError,InvalidStateError,InvalidStateError,RangeError,TypeError,InvalidStateError,TypeError
        "#]],
    );
}

#[test]
fn offscreen_canvas_with_context_is_not_transferable() {
    PAGE.check(
        r#"
        const canvas = new OffscreenCanvas(3, 2);
        const moved = await clone(canvas, [canvas]);
        console.log(moved instanceof OffscreenCanvas, moved instanceof EventTarget, moved.width, moved.height, canvas.width);
        console.log(name(() => canvas.getContext("2d")), await failed(clone(0, [canvas])), await failed(clone(moved)));
        console.log(moved.getContext("webgl"), name(() => moved.getContext("x")), name(() => moved.transferToImageBitmap()));
        const ctx = moved.getContext("2d"); ctx.fillRect(0, 0, 1, 1);
        console.log(await failed(clone(0, [moved])), moved.width);
        const bitmap = moved.transferToImageBitmap();
        console.log(bitmap.width, px(ctx, 0, 0)); ctx.drawImage(bitmap, 0, 0); console.log(px(ctx, 0, 0));
        moved.width = 1; console.log(px(ctx, 0, 0), name(() => new OffscreenCanvas(-1, 1)));
        "#,
        expect![[r#"
            true true 3 2 0
            InvalidStateError DataCloneError DataCloneError
            null TypeError InvalidStateError
            InvalidStateError 3
            3 0,0,0,0
            0,0,0,255
            0,0,0,0 TypeError
        "#]],
    );
}

#[test]
fn images_and_file_inputs_start_empty() {
    PAGE.check(
        r#"
        const image = new Image(3);
        console.log(image instanceof HTMLImageElement, image.width, image.outerHTML, image.complete, Image.prototype === HTMLImageElement.prototype);
        image.src = "x.png"; console.log(image.complete, image.naturalWidth, await failed(image.decode()), name(() => Image()));
        const input = document.createElement("input"); console.log(input.files); input.type = "file";
        console.log(input.files === input.files, input.files.length, input.files.item(0));
        const copy = await clone(input.files);
        console.log(copy instanceof FileList, copy !== input.files, copy.length);
        "#,
        expect![[r#"
            true 3 <img width="3"> true true
            false 0 EncodingError TypeError
            null
            true 0 null
            true true 0
        "#]],
    );
}

#[test]
fn image_data_supports_half_precision_pixels() {
    PAGE.check(
        r#"
        const half = { pixelFormat: 'rgba-float16' };
        const image = new ImageData(2, 1, half);
        image.data.set([1, 0.5, 2, 1], 4);
        const copy = await clone(image);
        console.log(copy.pixelFormat, copy.data.constructor.name, copy.data.join(), copy.data !== image.data);
        console.log(new ImageData(1, 1).pixelFormat, new ImageData(new Float16Array(8), 1, 2, half).height);
        console.log(name(() => new ImageData(new Float16Array(8), 2)), name(() => new ImageData(1, 1, { pixelFormat: 'x' })));
        console.log(name(() => new ImageData(new Uint8ClampedArray(8), 1, 1, half)), name(() => new ImageData(new Uint8Array(8), 2)));
        const ctx = ctx2d(2, 1);
        ctx.putImageData(image, 0, 0);
        console.log(px(ctx, 0, 0), px(ctx, 1, 0), ctx.getImageData(1, 0, 1, 1, half).data.join());
        "#,
        expect![[r#"
            rgba-float16 Float16Array 0,0,0,0,1,0.5,2,1 true
            rgba-unorm8 2
            InvalidStateError TypeError
            InvalidStateError IndexSizeError
            0,0,0,0 255,128,255,255 1,0.501953125,1,1
        "#]],
    );
}
