//! Fills in the templates of `.sub.` files and of the `sub` pipe, such as `{{host}}`,
//! `{{ports[http][0]}}` and `{{GET[name]}}`.

use std::cell::Cell;
use std::collections::HashMap;

use url::Url;

use super::hosts;

/// The escaping of a replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// With character references, for markup.
    Html,
    /// Unchanged.
    None,
}

/// The reason why a template cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(super) enum TemplateError {
    /// The name is unknown.
    #[error("nothing to substitute for {{{{{0}}}}}")]
    Unknown(String),
    /// It needs a feature of the real server: running, reading or hashing.
    #[error("{{{{{0}}}}} is not supported")]
    Unsupported(String),
}

/// The data for templates.
pub(super) struct Environment<'a> {
    /// The URL of the request.
    pub(super) url: &'a Url,
    /// The request's headers.
    pub(super) headers: &'a [(String, String)],
    /// The number of identifiers so far: `uuid()` counts, so that runs are the same.
    pub(super) identifiers: &'a Cell<u64>,
}

/// Fills in a template.
pub(super) fn substitute(
    content: &[u8],
    environment: &Environment<'_>,
    escape: Escape,
) -> Result<Vec<u8>, TemplateError> {
    let mut result = Vec::with_capacity(content.len());
    let mut variables = HashMap::new();
    let mut rest = content;
    while let Some(start) = find(rest, b"{{") {
        let inside = &rest[start + 2..];
        // Text with a brace inside is not a template: JavaScript has `{{ a: {} }}`.
        let end = inside.iter().position(|byte| *byte == b'}');
        let closed =
            |end: &usize| inside.first() != Some(&b'{') && inside.get(end + 1) == Some(&b'}');
        let Some(end) = end.filter(closed) else {
            result.extend_from_slice(&rest[..start + 1]);
            rest = &rest[start + 1..];
            continue;
        };
        result.extend_from_slice(&rest[..start]);
        let expression = String::from_utf8_lossy(&inside[..end]);
        let value = evaluate(&expression, environment, &mut variables)?;
        match escape {
            Escape::Html => escape_html(&value, &mut result),
            Escape::None => result.extend_from_slice(value.as_bytes()),
        }
        rest = &inside[end + 2..];
    }
    result.extend_from_slice(rest);
    Ok(result)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

fn escape_html(value: &str, result: &mut Vec<u8>) {
    for character in value.chars() {
        match character {
            '&' => result.extend_from_slice(b"&amp;"),
            '<' => result.extend_from_slice(b"&lt;"),
            '>' => result.extend_from_slice(b"&gt;"),
            '"' => result.extend_from_slice(b"&quot;"),
            '\'' => result.extend_from_slice(b"&#x27;"),
            _ => result.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// `name`, `name[index][index]`, `name(argument, …)`, each perhaps after `$variable:`.
fn evaluate(
    expression: &str,
    environment: &Environment<'_>,
    variables: &mut HashMap<String, String>,
) -> Result<String, TemplateError> {
    let expression = expression.trim();
    let (variable, call) = match expression.split_once(':') {
        Some((name, call)) if name.starts_with('$') => (Some(name), call),
        _ => (None, expression),
    };
    let unknown = || TemplateError::Unknown(expression.to_owned());
    let (name, indices, arguments) = parts(call).ok_or_else(unknown)?;
    let value = match (name, indices.as_slice(), arguments) {
        (name, [], None) if variables.contains_key(name) => variables.get(name).cloned(),
        ("host", [], None) => hosts::domain("", ""),
        ("domains", [subdomain], None) => hosts::domain("", subdomain),
        ("hosts", [alternate, subdomain], None) => hosts::domain(alternate, subdomain),
        ("ports", [protocol, index], None) => index
            .parse()
            .ok()
            .and_then(|index| hosts::port(protocol, index))
            .map(|port| port.to_string()),
        ("location", [part], None) => location(environment.url, part),
        ("GET", [name], None) => Some(query_value(environment.url, name).unwrap_or_default()),
        ("headers", [name], None) => header(environment, name),
        ("header_or_default", [], Some(arguments)) => match arguments.as_slice() {
            [name, default] => {
                Some(header(environment, name).unwrap_or_else(|| (*default).to_owned()))
            }
            _ => None,
        },
        ("url_base", [], None) => Some("/".to_owned()),
        ("uuid", [], Some(_)) => {
            let number = environment.identifiers.get() + 1;
            environment.identifiers.set(number);
            Some(format!("00000000-0000-4000-8000-{number:012x}"))
        }
        ("file_hash" | "fs_path", ..) => {
            return Err(TemplateError::Unsupported(expression.to_owned()));
        }
        _ => None,
    };
    let value = value.ok_or_else(unknown)?;
    if let Some(variable) = variable {
        variables.insert(variable.to_owned(), value.clone());
    }
    Ok(value)
}

type Parts<'a> = (&'a str, Vec<&'a str>, Option<Vec<&'a str>>);

/// The name, the indices in brackets, and the arguments in parentheses if there are any.
fn parts(call: &str) -> Option<Parts<'_>> {
    let end = call.find(['[', '(']).unwrap_or(call.len());
    let (name, mut rest) = call.split_at(end);
    let (mut indices, mut arguments) = (Vec::new(), None);
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (index, after) = inside.split_once(']')?;
            indices.push(index);
            rest = after;
        } else {
            let (list, after) = rest.strip_prefix('(')?.split_once(')')?;
            let list = if list.is_empty() {
                Vec::new()
            } else {
                list.split(',').collect()
            };
            arguments = Some(list.into_iter().map(str::trim_start).collect());
            rest = after;
        }
    }
    Some((name, indices, arguments))
}

fn location(url: &Url, part: &str) -> Option<String> {
    let host = url.host_str()?;
    let port = url.port_or_known_default()?;
    Some(match part {
        "server" => format!("{}://{host}:{port}", url.scheme()),
        "scheme" => url.scheme().to_owned(),
        "host" => format!("{host}:{port}"),
        "hostname" => host.to_owned(),
        "port" => port.to_string(),
        "path" | "pathname" => url.path().to_owned(),
        "query" => format!("?{}", url.query().unwrap_or_default()),
        _ => return None,
    })
}

/// The first value that the query holds under `name`; a parameter without a value is ignored.
pub(super) fn query_value(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs().filter(|(_, value)| !value.is_empty());
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn header(environment: &Environment<'_>, name: &str) -> Option<String> {
    let mut headers = environment.headers.iter();
    let found = headers.find(|(held, _)| held.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill_in(content: &str, escape: Escape) -> Result<String, TemplateError> {
        let url =
            Url::parse("http://www.web-platform.test:8000/a/b.sub.html?x=1%20%3C&x=2&y=").unwrap();
        let headers = [("referer".to_owned(), "http://elsewhere/".to_owned())];
        let identifiers = Cell::new(0);
        let environment = Environment {
            url: &url,
            headers: &headers,
            identifiers: &identifiers,
        };
        substitute(content.as_bytes(), &environment, escape)
            .map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[track_caller]
    fn check(content: &str, expected: &str) {
        assert_eq!(fill_in(content, Escape::Html).unwrap(), expected);
    }

    #[test]
    fn hosts_and_ports() {
        check(
            "//{{host}}:{{ports[http][1]}}/",
            "//web-platform.test:8001/",
        );
        check(
            "{{domains[www1]}} {{domains[]}}",
            "www1.web-platform.test web-platform.test",
        );
        check(
            "{{hosts[alt][www]}} {{hosts[][]}}",
            "www.not-web-platform.test web-platform.test",
        );
    }

    #[test]
    fn the_request() {
        check("{{location[server]}}", "http://www.web-platform.test:8000");
        check("{{location[path]}}{{location[port]}}", "/a/b.sub.html8000");
        check("{{GET[x]}}|{{GET[y]}}|{{GET[z]}}", "1 &lt;||");
        assert_eq!(fill_in("{{GET[x]}}", Escape::None).unwrap(), "1 <");
        check("{{headers[Referer]}}", "http://elsewhere/");
        check("{{header_or_default(X-Test, none)}}", "none");
    }

    #[test]
    fn identifiers_count_and_can_be_named() {
        check(
            "{{$id:uuid()}} {{$id}} {{uuid()}}",
            "00000000-0000-4000-8000-000000000001 00000000-0000-4000-8000-000000000001 \
             00000000-0000-4000-8000-000000000002",
        );
    }

    #[test]
    fn braces_without_a_template_stay() {
        check("f({{ a: {} }}) {{", "f({{ a: {} }}) {{");
        check("{{{host}}", "{web-platform.test");
    }

    #[test]
    fn unknown_name_is_an_error() {
        assert_eq!(
            fill_in("{{who}}", Escape::None),
            Err(TemplateError::Unknown("who".into()))
        );
        assert_eq!(
            fill_in("{{ports[http][7]}}", Escape::None),
            Err(TemplateError::Unknown("ports[http][7]".into()))
        );
        assert_eq!(
            fill_in("{{fs_path(a)}}", Escape::None),
            Err(TemplateError::Unsupported("fs_path(a)".into()))
        );
    }
}
