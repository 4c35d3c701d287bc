//! The source texts of scripts by their paths, for error reports.
//!
//! A text belongs to the realm of its script and ends with it.

use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsData, JsString, Trace};

use super::slots::Slot;

/// The kind of a text for the parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A classic script.
    Script,
    /// A module.
    Module,
    /// A string for `eval`.
    Eval,
    /// The function around an event handler's text.
    Handler,
    /// A body for `Function`, between the line terminators that Boa puts around it.
    Body,
}

/// A text, with its line numbers in the file.
#[derive(Clone, Debug)]
pub struct SourceOf {
    pub path: String,
    pub kind: Kind,
    pub text: Rc<String>,
}

/// The texts of a realm.
#[derive(Default, Trace, Finalize, JsData)]
#[boa_gc(unsafe_empty_trace)]
struct OfRealm(#[unsafe_ignore_trace] Vec<Rc<SourceOf>>);

/// The texts of an agent.
#[derive(Default)]
struct Sources {
    scripts: Vec<Weak<SourceOf>>,
    /// The number of texts after which texts of ended realms are dropped.
    next_sweep: usize,
    /// The last strings of `eval` and `Function`. They are few, so they are kept longer than their realms.
    strings: VecDeque<JsString>,
    string_units: usize,
}

static SOURCES: Slot<Sources> = Slot::new();

/// The most strings of `eval` and `Function` that are kept, and the limit on their total code units.
const MAX_STRINGS: usize = 256;
const MAX_STRING_UNITS: usize = 1 << 20;

/// The number of texts that are compared with a new one: a timer may run one text repeatedly.
const COMPARED: usize = 8;

/// Keeps the text of a script of the current realm.
pub fn remember(ctx: &Context, path: &str, kind: Kind, text: &Rc<String>) {
    let is_held = |held: &OfRealm| {
        let newest = held.0.iter().rev().take(COMPARED);
        newest
            .into_iter()
            .any(|it| it.path == path && it.text == *text)
    };
    if ctx
        .realm()
        .host_defined()
        .get::<OfRealm>()
        .is_some_and(is_held)
    {
        return;
    }
    let source = Rc::new(SourceOf {
        path: path.to_owned(),
        kind,
        text: Rc::clone(text),
    });
    SOURCES.with(ctx, |sources| {
        sources.scripts.push(Rc::downgrade(&source));
        if sources.scripts.len() > sources.next_sweep {
            sources.scripts.retain(|held| held.strong_count() > 0);
            sources.next_sweep = 64 + 2 * sources.scripts.len();
        }
    });
    let realm = ctx.realm().clone();
    let mut host_defined = realm.host_defined_mut();
    if host_defined.get::<OfRealm>().is_none() {
        host_defined.insert_default::<OfRealm>();
    }
    if let Some(held) = host_defined.get_mut::<OfRealm>() {
        held.0.push(source);
    }
}

/// Removes the texts of a realm in which no script runs any more.
pub fn forget(realm: &Realm) {
    let held = realm
        .host_defined_mut()
        .get_mut::<OfRealm>()
        .map(std::mem::take);
    drop(held);
}

/// Keeps a string that `eval` or `Function` compiles.
pub fn remember_string(ctx: &Context, text: &JsString) {
    if text.is_empty() || text.len() > MAX_STRING_UNITS {
        return;
    }
    let dropped: Vec<_> = SOURCES.with(ctx, |sources| {
        sources.string_units += text.len();
        sources.strings.push_back(text.clone());
        let mut dropped = Vec::new();
        while sources.strings.len() > MAX_STRINGS || sources.string_units > MAX_STRING_UNITS {
            let Some(oldest) = sources.strings.pop_front() else {
                break;
            };
            sources.string_units -= oldest.len();
            dropped.push(oldest);
        }
        dropped
    });
    drop(dropped);
}

/// Returns the texts at a path, the newest first. `path` is as in a place: `eval at ` and
/// `unknown at ` mean strings.
pub fn at(ctx: &Context, path: &str) -> Vec<SourceOf> {
    // It is unknown which of the strings were for `eval`.
    let of_strings = |kind: Kind| {
        SOURCES.with(ctx, |sources| {
            let strings = sources.strings.iter().rev();
            let texts = strings.map(|text| {
                let text = text.to_std_string_lossy();
                SourceOf {
                    path: path.to_owned(),
                    kind,
                    text: Rc::new(match kind {
                        Kind::Body => format!("\n{text}\n"),
                        _ => text,
                    }),
                }
            });
            texts.collect()
        })
    };
    if path.starts_with("eval at ") {
        return of_strings(Kind::Eval);
    }
    if path.starts_with("unknown at ") {
        return of_strings(Kind::Body);
    }
    SOURCES.with(ctx, |sources| {
        let held = sources.scripts.iter().rev().filter_map(Weak::upgrade);
        held.filter(|source| source.path == path)
            .map(|source| (*source).clone())
            .collect()
    })
}

/// Counts the texts of scripts that are held.
pub fn count(ctx: &Context) -> usize {
    SOURCES.with(ctx, |sources| {
        let held = sources.scripts.iter();
        held.filter(|source| source.strong_count() > 0).count()
    })
}
