//! Finds the expression of a source text that caused an error, and creates a message that names it.
//!
//! Boa's messages name no expressions, and its places are those of a few instructions. This module
//! looks for the expression in the syntax tree of the text. If several expressions are possible, it names none.
//!
//! Rejected: guessing an expression from the text around the place. A wrong name costs more time than no name.

mod declared;
mod parts;
mod sites;
mod visit;

use boa_engine::interner::Interner;

use super::error_text::LineAndColumn;
use super::error_trace::ErrorTrace;
use super::source_text::{Edits, place_of_byte, visit_syntax_tree};
use super::sources::SourceOf;
use declared::lexically_declared;
use sites::{Part, Role, Site, Sites};

/// The most characters of an expression in a message.
const MAX_SHOWN: usize = 60;

/// The cause of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The message, if it is more precise than Boa's.
    pub message: Option<String>,
    /// The place of the error: that of the property, if there is one.
    pub place: LineAndColumn,
    /// The start of the expression.
    pub start: LineAndColumn,
    /// The place after its last character.
    pub end: LineAndColumn,
    /// The expression that is called or constructed, or whose property is read.
    pub subject: String,
}

/// The kind of error in a message of Boa.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Complaint<'a> {
    NotCallable,
    NotConstructor,
    NoObject,
    NotIterable(&'a str),
    NotDestructurable(&'a str),
    NotDefined(&'a str),
    /// A variable was read before its declaration.
    Uninitialized,
    Constant,
    /// A variable was assigned that does not exist, or not yet.
    Unassignable {
        exists: bool,
    },
    ReadOnly,
    Undeletable,
    ClassCall,
    NoPrivateMember,
    BigIntMixed,
    SymbolAsText,
    In,
    InstanceOf,
    /// Any other error of a call or a `throw`.
    Other,
}

impl<'a> Complaint<'a> {
    fn of(message: &'a str) -> Self {
        match message {
            "not a callable function" => Self::NotCallable,
            "not a constructor" => Self::NotConstructor,
            "cannot convert 'null' or 'undefined' to object" => Self::NoObject,
            "access of uninitialized binding" => Self::Uninitialized,
            "class constructor cannot be invoked without 'new'" => Self::ClassCall,
            "Private element does not exist on object" => Self::NoPrivateMember,
            "Cannot delete property" => Self::Undeletable,
            "cannot mix BigInt and other types, use explicit conversions" => Self::BigIntMixed,
            "can't convert symbol to string" => Self::SymbolAsText,
            "function has non-object prototype in instanceof check" => Self::InstanceOf,
            _ => Self::with_a_part(message),
        }
    }

    fn with_a_part(message: &'a str) -> Self {
        let between = |before, after| message.strip_prefix(before)?.strip_suffix(after);
        if let Some(kind) = between("value with type `", "` is not iterable") {
            Self::NotIterable(kind)
        } else if let Some(value) = between("Cannot destructure '", "' value") {
            Self::NotDestructurable(value)
        } else if let Some(name) = between("", " is not defined") {
            Self::NotDefined(name)
        } else if message.starts_with("cannot mutate an immutable binding '") {
            Self::Constant
        } else if message.starts_with("cannot set non-writable property: ") {
            Self::ReadOnly
        } else if message.starts_with("cannot assign to uninitialized global property ") {
            Self::Unassignable { exists: false }
        } else if message.starts_with("cannot assign to uninitialized binding ") {
            Self::Unassignable { exists: true }
        } else if message.starts_with("right-hand side of 'in' ") {
            Self::In
        } else if message.starts_with("right-hand side of 'instanceof' ") {
            Self::InstanceOf
        } else {
            Self::Other
        }
    }
}

/// Whether a message names no expression and [`explain`] may do so.
pub fn is_vague(message: &str) -> bool {
    !matches!(
        Complaint::of(message),
        Complaint::Other
            | Complaint::NotDefined(_)
            | Complaint::BigIntMixed
            | Complaint::SymbolAsText
            | Complaint::In
            | Complaint::InstanceOf
    )
}

/// Returns the name in the message of a `ReferenceError`.
pub fn undefined_name(message: &str) -> Option<&str> {
    match Complaint::of(message) {
        Complaint::NotDefined(name) => Some(name),
        _ => None,
    }
}

/// Finds the expression of a source that caused an error. `is_native` means that a built-in function threw it.
pub fn explain(
    source: &SourceOf,
    message: &str,
    trace: ErrorTrace,
    is_native: bool,
) -> Option<Fault> {
    let complaint = match Complaint::of(message) {
        Complaint::NoObject if is_native => Complaint::NoObject,
        _ if is_native => Complaint::Other,
        complaint => complaint,
    };
    let mut names = Interner::new();
    // The interner has to know the name before the visit compares it, so the text is parsed first.
    let found = visit_syntax_tree(source, &mut names, |names, tree, edits| {
        let sym = match complaint {
            Complaint::NotDefined(name) => Some(names.get_or_intern(name)),
            _ => None,
        };
        let declared = match complaint {
            Complaint::Uninitialized => lexically_declared(tree),
            Complaint::NotDefined(_) => tree.lexically_declared_names(),
            _ => Vec::new(),
        };
        // A global name without a value is not defined, for Boa. It is, if this text declares it.
        let complaint = match sym {
            Some(sym) if declared.contains(&sym) => Complaint::Uninitialized,
            _ => complaint,
        };
        let wanted = |role: Role| match complaint {
            Complaint::NoObject if is_native => matches!(role, Role::Throw),
            Complaint::NotCallable => role == Role::Call,
            Complaint::NotConstructor => role == Role::New,
            Complaint::NoObject => {
                matches!(
                    role,
                    Role::Read | Role::Write | Role::Iterate | Role::IterateParts
                )
            }
            Complaint::NotIterable(_) => matches!(role, Role::Iterate | Role::IterateParts),
            // Boa has the same message for array destructuring.
            Complaint::NotDestructurable(_) => {
                matches!(role, Role::Destructure | Role::IterateParts)
            }
            Complaint::NotDefined(_) => {
                matches!(role, Role::Name(name) if Some(name) == sym)
            }
            Complaint::Uninitialized => match (role, sym) {
                (Role::Name(name), Some(sym)) => name == sym,
                (Role::Name(name), None) => declared.contains(&name),
                _ => false,
            },
            Complaint::Constant | Complaint::Unassignable { .. } => role == Role::Assign,
            Complaint::ReadOnly => role == Role::Set,
            Complaint::Undeletable => role == Role::Delete,
            Complaint::ClassCall => role == Role::Call,
            Complaint::NoPrivateMember => role == Role::Private,
            Complaint::BigIntMixed => role == Role::Arithmetic,
            Complaint::SymbolAsText => matches!(role, Role::Arithmetic | Role::Text),
            Complaint::In => role == Role::In,
            Complaint::InstanceOf => role == Role::InstanceOf,
            Complaint::Other => role == Role::Throw,
        };
        let mut sites = Sites::new(&wanted, trace);
        tree.visit(&mut sites);
        if !sites.is_empty() || complaint != Complaint::NoObject {
            return Some((sites.only()?, complaint, is_native, edits.clone()));
        }
        // No property is read here, so an argument of a built-in function was not an object.
        let mut sites = Sites::new(&|role| role == Role::Throw, trace);
        tree.visit(&mut sites);
        Some((sites.only()?, complaint, true, edits.clone()))
    })?;
    let (found, complaint, is_native, edits) = found;
    let text = source.text.as_str();
    let subject = shown(slice(text, &edits, found.subject)?);
    let message = words(complaint, is_native, &found, &subject, text, &edits);
    let (start, end) = range(text, &edits, found.whole)?;
    let start = place(text, start);
    Some(Fault {
        message,
        place: match found.key {
            Some(key) => edits.original_place(text.as_bytes(), key.start),
            None => start,
        },
        start,
        end: place(text, end),
        subject,
    })
}

fn place(text: &str, byte: usize) -> LineAndColumn {
    let (line, column) = place_of_byte(text.as_bytes(), byte);
    LineAndColumn { line, column }
}

/// Returns a clearer message than Boa's, if the expression is unknown.
pub fn plain_words(message: &str) -> Option<String> {
    let words = match message {
        "not a callable function" => "what is called here is not a function",
        "not a constructor" => "the constructed value is not a constructor",
        "cannot convert 'null' or 'undefined' to object" => {
            "undefined or null is used as an object"
        }
        "access of uninitialized binding" => "a variable is read before its declaration has run",
        "abrupt end" => "unexpected end of input",
        _ => {
            let what = message.strip_suffix(": abrupt end")?;
            return Some(format!("{what}: unexpected end of input"));
        }
    };
    Some(words.to_owned())
}

/// Returns a message that names the expression.
fn words(
    complaint: Complaint<'_>,
    is_native: bool,
    found: &Site,
    subject: &str,
    text: &str,
    edits: &Edits,
) -> Option<String> {
    Some(match complaint {
        Complaint::NoObject if is_native => {
            format!("`{subject}` cannot convert undefined or null to an object")
        }
        Complaint::NotCallable => format!("`{subject}` is not a function"),
        Complaint::NotConstructor => format!("`{subject}` is not a constructor"),
        Complaint::NoObject => {
            let what = match subject {
                "null" | "undefined" => subject.to_owned(),
                _ => format!("`{subject}`, which is undefined or null"),
            };
            let verb = match found.role {
                Role::Write => "set",
                Role::Iterate | Role::IterateParts => {
                    return Some(format!("cannot iterate over {what}"));
                }
                _ => "read",
            };
            let (key_start, key_end) = range(text, edits, found.key?)?;
            let key = shown(text.get(key_start..key_end)?);
            // An edit may have made it a computed one.
            match found.key_is_computed && !text[..key_start].trim_end().ends_with('.') {
                true => format!("cannot {verb} `[{key}]` of {what}"),
                false => format!("cannot {verb} `{key}` of {what}"),
            }
        }
        Complaint::NotIterable("undefined") => {
            format!("`{subject}` is not iterable: it is undefined")
        }
        Complaint::NotIterable(_) => format!("`{subject}` is not iterable"),
        Complaint::NotDestructurable(value) if found.is_pattern => {
            format!("cannot destructure {value} into `{subject}`")
        }
        Complaint::NotDestructurable(value) if value == subject => {
            format!("cannot destructure {value}")
        }
        Complaint::NotDestructurable(value) => {
            format!("cannot destructure `{subject}`, which is {value}")
        }
        Complaint::Constant => format!("cannot assign to the constant `{subject}`"),
        Complaint::Uninitialized => {
            format!("`{subject}` is read before its declaration has run")
        }
        Complaint::Unassignable { exists: true } => {
            format!("`{subject}` is assigned before its declaration has run")
        }
        Complaint::Unassignable { exists: false } => {
            format!("cannot assign to `{subject}` in strict mode: it is not declared")
        }
        Complaint::ClassCall => {
            format!("the class `{subject}` cannot be called without `new`")
        }
        Complaint::ReadOnly | Complaint::Undeletable | Complaint::NoPrivateMember => {
            let (key_start, key_end) = range(text, edits, found.key?)?;
            let key = shown(text.get(key_start..key_end)?);
            let key = match found.key_is_computed && !text[..key_start].trim_end().ends_with('.') {
                true => format!("[{key}]"),
                false => key,
            };
            match complaint {
                Complaint::ReadOnly => {
                    format!("cannot set `{key}` of `{subject}`: it is read-only")
                }
                Complaint::Undeletable => {
                    format!("cannot delete `{key}` of `{subject}`: it is not configurable")
                }
                _ => format!("`{subject}` has no private member `{key}`"),
            }
        }
        Complaint::NotDefined(_)
        | Complaint::BigIntMixed
        | Complaint::SymbolAsText
        | Complaint::In
        | Complaint::InstanceOf
        | Complaint::Other => {
            return None;
        }
    })
}

/// Returns the bytes of a part of a text.
fn range(text: &str, edits: &Edits, part: Part) -> Option<(usize, usize)> {
    let start = edits.byte_of_place(text.as_bytes(), part.start)?;
    let mut end = edits.byte_of_place(text.as_bytes(), part.end)?;
    if part.is_open {
        let rest = text.get(end..)?;
        let space = rest.len() - rest.trim_start().len();
        if rest.trim_start().starts_with(']') {
            end += space + 1;
        }
    }
    (start < end && text.is_char_boundary(start) && text.is_char_boundary(end))
        .then_some((start, end))
}

fn slice<'a>(text: &'a str, edits: &Edits, part: Part) -> Option<&'a str> {
    let (start, end) = range(text, edits, part)?;
    text.get(start..end)
}

/// Shortens an expression for a message. Its end is more informative than its start.
fn shown(expression: &str) -> String {
    let mut text = String::new();
    for word in expression.split_whitespace() {
        // A chain of calls often spans several lines.
        let glued = word.starts_with(['.', ')', ']', '['])
            || word.starts_with("?.")
            || text.ends_with(['(', '[', '.']);
        if !text.is_empty() && !glued {
            text.push(' ');
        }
        text.push_str(word);
    }
    let count = text.chars().count();
    if count <= MAX_SHOWN {
        return text;
    }
    let tail: String = text.chars().skip(count - MAX_SHOWN + 1).collect();
    format!("…{tail}")
}

#[cfg(test)]
mod tests;
