//! Tests of `element.style`.

use expect_test::expect;

use framepost::PageOptions;

use crate::support::Setting;

const PAGE: Setting = Setting {
    url: "http://localhost/",
    before: "<body><p style='color: red; WIDTH: 1px !important'></p><script>
        const p = document.querySelector('p'), s = p.style; ",
    after: "</script>",
    options: PageOptions::new,
};

#[test]
fn style_reflects_the_attribute() {
    PAGE.check(
        "console.log(String(s), s === p.style, s.length, s.item(1), s.color, s['width'], s.getPropertyPriority('width'));
         console.log(s.cssText);
         p.setAttribute('style', 'z-index: 2; --Own: a');
         console.log(s.zIndex, s['z-index'], s.getPropertyValue('Z-INDEX'), s.getPropertyValue('--Own'), s.color === '');
         p.removeAttribute('style');
         console.log(s.length, s.item(0) === '', s.cssText === '');
         console.log(document.createElement('iframe').style instanceof CSSStyleDeclaration)",
        expect![[r#"
            [object CSSStyleDeclaration] true 2 width red 1px important
            color: red; width: 1px !important;
            2 2 2 a true
            0 true true
            true
        "#]],
    );
}

#[test]
fn setting_style_updates_the_attribute() {
    PAGE.check(
        "const show = () => console.log(p.getAttribute('style'));
         s.display = 'none'; show();
         s.color = ''; s.width = null; show();
         s.setProperty('height', '2px', 'important'); s.setProperty('height', '3px', 'no');
         s.setProperty('--x', ' 1 '); s.setProperty('unknown', '1'); s.top = '1px; left: 2px'; show();
         console.log(s.removeProperty('height'), s.removeProperty('height') === '');
         p.style = 'top: 0'; show();
         s.cssFloat = 'left'; s.cssText += 'left: 0'; show();
         s.cssText = ''; console.log(p.getAttribute('style') === '')",
        expect![[r#"
            color: red; width: 1px !important; display: none;
            display: none;
            display: none; height: 2px !important; --x: 1;
            2px true
            top: 0;
            top: 0; float: left; left: 0;
            true
        "#]],
    );
}

#[test]
fn observers_record_only_actual_changes() {
    PAGE.check(
        "new MutationObserver(records => console.log(records.map(r => r.oldValue).join(' | ')))
             .observe(p, { attributeOldValue: true });
         s.color = 'red'; s.removeProperty('height'); s.color = 'blue'; s.removeProperty('width')",
        expect![[r#"
            color: red; WIDTH: 1px !important | color: blue; width: 1px !important;
        "#]],
    );
}

#[test]
fn identifiers_are_escaped() {
    crate::support::check_script(
        "log(['a-B_9', '0a', '-0', '-', '--', 'a b.c#d', 'é😀', '\\u0001x\\u007f', 'a\\0b', ''].map(CSS.escape).join(' | ')); \
         log(typeof CSS, String(CSS), 'supports' in CSS); \
         const box = document.body.getBoundingClientRect(); \
         log(box instanceof DOMRect, box.width, box.top, document.body.scrollIntoView());",
        expect![[r#"
            a-B_9 | \30 a | -\30  | \- | -- | a\ b\.c\#d | é😀 | \1 x\7f  | a�b | 
            object [object CSS] false
            true 0 0 undefined
        "#]],
    );
}
