//! `console.table()` ([Console, table](https://console.spec.whatwg.org/#table)), drawn as Node draws it.

use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsObject, JsValue};

use crate::inspect;

/// The most rows and columns that are shown.
const MOST: usize = 1_000;

/// The column of a value that is not an object.
const VALUES: &str = "Values";

/// The text of a table; `None` for data that is not a table.
///
/// Like all console output, it runs no code of the page.
pub(crate) fn table(data: &JsValue, wanted: Option<&JsValue>, cx: &mut Context) -> Option<String> {
    let data = data.as_object()?;
    let mut columns: Vec<String> = Vec::new();
    let mut has_values = false;
    let mut rows: Vec<(String, Vec<(String, String)>)> = Vec::new();
    let wanted = wanted.and_then(JsValue::as_object).map(|list| {
        let names = own_values(&list, cx).into_iter();
        let text = |(_, value): (String, JsValue)| {
            value.as_string().map(|text| text.to_std_string_lossy())
        };
        names.filter_map(text).collect::<Vec<_>>()
    });
    for (index, value) in own_values(&data, cx) {
        let cells = match value.as_object().filter(|object| !object.is_callable()) {
            Some(row) => {
                let mut cells = Vec::new();
                for (name, value) in own_values(&row, cx) {
                    let is_wanted = wanted.as_ref().is_none_or(|names| names.contains(&name));
                    if !is_wanted {
                        continue;
                    }
                    if !columns.contains(&name) && columns.len() < MOST {
                        columns.push(name.clone());
                    }
                    cells.push((name, inspect::inspect(&value, 0, cx)));
                }
                cells
            }
            None => {
                has_values = true;
                vec![(VALUES.to_owned(), inspect::inspect(&value, 0, cx))]
            }
        };
        rows.push((index, cells));
    }
    if let Some(wanted) = wanted {
        columns = wanted;
    }
    let mut header = vec!["(index)".to_owned()];
    header.extend(columns.iter().cloned());
    if has_values {
        header.push(VALUES.to_owned());
    }
    let lines: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(index, cells)| {
            let cell = |name: &String| {
                let found = cells.iter().find(|(held, _)| held == name);
                found.map(|(_, text)| text.clone()).unwrap_or_default()
            };
            let names = header.iter().skip(1);
            std::iter::once(index.clone())
                .chain(names.map(cell))
                .collect()
        })
        .collect();
    Some(draw(&header, &lines))
}

/// The own enumerable data properties with names that are strings.
fn own_values(object: &JsObject, cx: &mut Context) -> Vec<(String, JsValue)> {
    // A proxy would run code of the page.
    if object.is::<boa_engine::builtins::proxy::Proxy>() {
        return Vec::new();
    }
    let Ok(keys) = object.own_property_keys(cx) else {
        return Vec::new();
    };
    let mut values = Vec::new();
    for key in keys.into_iter().take(MOST) {
        let name = match &key {
            PropertyKey::String(name) => name.to_std_string_lossy(),
            PropertyKey::Index(index) => index.get().to_string(),
            PropertyKey::Symbol(_) => continue,
        };
        let Some(descriptor) = object.borrow().properties().get(&key) else {
            continue;
        };
        if descriptor.enumerable() != Some(true) {
            continue;
        }
        if let Some(value) = descriptor.value() {
            values.push((name, value.clone()));
        }
    }
    values
}

/// Draws a table with lines.
fn draw(header: &[String], rows: &[Vec<String>]) -> String {
    let width = |text: &str| text.chars().count();
    let widths: Vec<usize> = header
        .iter()
        .enumerate()
        .map(|(column, name)| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| width(cell))
                .chain([width(name)])
                .max()
                .unwrap_or(0)
                + 2
        })
        .collect();
    let rule = |left: &str, middle: &str, right: &str| {
        let parts: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        format!("{left}{}{right}", parts.join(middle))
    };
    let line = |cells: &[String]| {
        let cells = cells.iter().zip(&widths).map(|(cell, wide)| {
            let rest = wide.saturating_sub(width(cell) + 1);
            format!(" {cell}{}", " ".repeat(rest))
        });
        format!("│{}│", cells.collect::<Vec<_>>().join("│"))
    };
    let mut out = vec![rule("┌", "┬", "┐"), line(header), rule("├", "┼", "┤")];
    out.extend(rows.iter().map(|row| line(row)));
    out.push(rule("└", "┴", "┘"));
    out.join("\n")
}
