use super::script;

#[test]
fn interfaces_are_as_web_idl_says() {
    script(
        "console.log(typeof Node, Node.name, Node.length, Event.length, String(document), Object.prototype.toString.call(document.body));
         console.log(Object.getPrototypeOf(HTMLDivElement) === HTMLElement, Object.getPrototypeOf(Element.prototype) === Node.prototype, Object.getPrototypeOf(EventTarget.prototype) === Object.prototype);
         const d = Object.getOwnPropertyDescriptor(Node.prototype, 'appendChild'); console.log(d.writable, d.enumerable, d.configurable, d.value.length, d.value.name);
         const g = Object.getOwnPropertyDescriptor(Node.prototype, 'firstChild'); console.log(g.get.name, g.set, g.enumerable);
         console.log(Node.ELEMENT_NODE, Node.prototype.TEXT_NODE, document.body.nodeType);
         console.log(Object.getPrototypeOf(DOMException.prototype) === Error.prototype, DOMException.DATA_CLONE_ERR);",
        &[
            "function Node 0 1 [object Document] [object HTMLBodyElement]",
            "true true true",
            "true true true 1 appendChild",
            "get firstChild undefined true",
            "1 3 1",
            "true 25",
        ],
    );
}

#[test]
fn brands_arguments_and_constructors_are_checked() {
    script(
        "const t = f => { try { f(); console.log('no') } catch (e) { console.log(e.name) } };
         t(() => Node.prototype.appendChild.call({})); t(() => Node.prototype.firstChild); t(() => document.body.appendChild()); t(() => new Node()); t(() => Event('x')); t(() => new HTMLElement());
         t(() => document.noSuchMethod()); t(() => Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'contentWindow').get.call(document.body));",
        &["TypeError"; 8],
    );
}

#[test]
fn members_of_window() {
    script(
        "console.log(Object.getOwnPropertyDescriptor(window, 'document').configurable, Object.getOwnPropertyDescriptor(window, 'window').configurable, typeof Object.getOwnPropertyDescriptor(window, 'onload').get);
         addEventListener('x', () => console.log('bare')); dispatchEvent(new Event('x')); const { setTimeout: s } = window; s(() => console.log('free'), 0);
         console.log(setTimeout.name, setTimeout.length, window.setTimeout === setTimeout); self = 1; console.log(self, window.self);",
        &["false false function", "bare", "setTimeout 1 true", "1 1", "free"],
    );
}
