//! `AnimationFrameProvider`
//! ([HTML, animation frames](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#animation-frames)).

use super::animation_frames::{cancel_animation_frame, request_animation_frame};
use crate::webidl::interface;

interface! {
    /// The `AnimationFrameProvider` mixin.
    interface mixin AnimationFrameProvider {
        unsigned long requestAnimationFrame(FrameRequestCallback callback);
        undefined cancelAnimationFrame(unsigned long handle);
    }

    callback FrameRequestCallback = undefined (DOMHighResTimeStamp time);
}
