//! The mixins with event handlers: `onclick` and similar attributes
//! ([HTML, event handlers](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-attributes)).

use crate::webidl::interface;

interface! {
    /// The [`GlobalEventHandlers`](https://html.spec.whatwg.org/multipage/webappapis.html#globaleventhandlers) mixin.
    interface mixin GlobalEventHandlers {
        attribute EventHandler onabort; attribute EventHandler onauxclick;
        attribute EventHandler onbeforeinput; attribute EventHandler onbeforematch;
        attribute EventHandler onbeforetoggle; attribute EventHandler onblur;
        attribute EventHandler oncancel; attribute EventHandler oncanplay;
        attribute EventHandler oncanplaythrough; attribute EventHandler onchange;
        attribute EventHandler onclick; attribute EventHandler onclose;
        attribute EventHandler oncommand; attribute EventHandler oncontextlost;
        attribute EventHandler oncontextmenu; attribute EventHandler oncontextrestored;
        attribute EventHandler oncopy; attribute EventHandler oncuechange; attribute EventHandler oncut;
        attribute EventHandler ondblclick; attribute EventHandler ondrag;
        attribute EventHandler ondragend; attribute EventHandler ondragenter;
        attribute EventHandler ondragleave; attribute EventHandler ondragover;
        attribute EventHandler ondragstart; attribute EventHandler ondrop;
        attribute EventHandler ondurationchange; attribute EventHandler onemptied;
        attribute EventHandler onended; attribute OnErrorEventHandler onerror;
        attribute EventHandler onfocus; attribute EventHandler onformdata;
        attribute EventHandler oninput; attribute EventHandler oninvalid;
        attribute EventHandler onkeydown; attribute EventHandler onkeypress;
        attribute EventHandler onkeyup; attribute EventHandler onload;
        attribute EventHandler onloadeddata; attribute EventHandler onloadedmetadata;
        attribute EventHandler onloadstart; attribute EventHandler onmousedown;
        [LegacyLenientThis] attribute EventHandler onmouseenter; [LegacyLenientThis] attribute EventHandler onmouseleave;
        attribute EventHandler onmousemove; attribute EventHandler onmouseout;
        attribute EventHandler onmouseover; attribute EventHandler onmouseup;
        attribute EventHandler onpaste; attribute EventHandler onpause; attribute EventHandler onplay;
        attribute EventHandler onplaying; attribute EventHandler onprogress;
        attribute EventHandler onratechange; attribute EventHandler onreset;
        attribute EventHandler onresize; attribute EventHandler onscroll;
        attribute EventHandler onscrollend; attribute EventHandler onsecuritypolicyviolation;
        attribute EventHandler onseeked; attribute EventHandler onseeking;
        attribute EventHandler onselect; attribute EventHandler onslotchange;
        attribute EventHandler onstalled; attribute EventHandler onsubmit;
        attribute EventHandler onsuspend; attribute EventHandler ontimeupdate;
        attribute EventHandler ontoggle; attribute EventHandler onvolumechange;
        attribute EventHandler onwaiting; attribute EventHandler onwebkitanimationend;
        attribute EventHandler onwebkitanimationiteration;
        attribute EventHandler onwebkitanimationstart; attribute EventHandler onwebkittransitionend;
        attribute EventHandler onwheel;
    }

    /// The [`WindowEventHandlers`](https://html.spec.whatwg.org/multipage/webappapis.html#windoweventhandlers) mixin.
    interface mixin WindowEventHandlers {
        attribute EventHandler onafterprint; attribute EventHandler onbeforeprint;
        attribute OnBeforeUnloadEventHandler onbeforeunload; attribute EventHandler onhashchange;
        attribute EventHandler onlanguagechange; attribute EventHandler onmessage;
        attribute EventHandler onmessageerror; attribute EventHandler onoffline;
        attribute EventHandler ononline; attribute EventHandler onpagehide;
        attribute EventHandler onpagereveal; attribute EventHandler onpageshow;
        attribute EventHandler onpageswap; attribute EventHandler onpopstate;
        attribute EventHandler onrejectionhandled; attribute EventHandler onstorage;
        attribute EventHandler onunhandledrejection; attribute EventHandler onunload;
    }
}
