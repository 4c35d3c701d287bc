//! The reasons why an expression has no result.

use thiserror::Error;

use crate::webidl::exception::ExceptionName;

/// The reason why an expression was refused. The names of the exceptions are those of browsers: DOM Level 3 XPath has an
/// exception of its own for the first ones.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub(crate) enum XPathError {
    /// The string is not an expression.
    #[error("the string is not an XPath expression")]
    Syntax,
    /// Parentheses, predicates and calls stand too deeply inside one another.
    #[error(
        "the XPath expression nests more than {} times",
        super::parser::MAX_NESTING
    )]
    TooDeep,
    /// A variable, which the DOM cannot set.
    #[error("the XPath expression has the variable ${0}, which nothing can set")]
    Variable(String),
    /// No resolver, or the given one, knows a namespace for the prefix.
    #[error("the XPath expression has the prefix {0:?}, which has no namespace")]
    Prefix(String),
    /// A set of nodes was needed, and the expression there has another type.
    #[error("the XPath expression uses {0} where a set of nodes is needed")]
    NotNodes(&'static str),
}

impl ExceptionName for XPathError {
    fn exception_name(&self) -> &'static str {
        match self {
            Self::Prefix(_) => "NamespaceError",
            _ => "SyntaxError",
        }
    }
}
