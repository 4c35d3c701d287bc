//! The places in the texts of Boa's errors. Boa provides them in no other way.

/// A line and a column, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineAndColumn {
    pub line: u32,
    pub column: u32,
}

/// Exchanges the place in the message of a syntax error.
pub fn with_place(message: &str, place: LineAndColumn) -> String {
    let Some((what, rest)) = message.rsplit_once(" at line ") else {
        return message.to_owned();
    };
    let digits = |text: &str| {
        text.trim_start_matches(|char: char| char.is_ascii_digit())
            .to_owned()
    };
    let behind = rest
        .split_once(", col ")
        .map_or(String::new(), |(_, column)| digits(column));
    format!(
        "{what} at line {}, col {}{behind}",
        place.line, place.column
    )
}

/// Returns the place that ends the message of an error in JSON: `… (line 1 column 8)`.
pub fn place_in_json_message(message: &str) -> Option<LineAndColumn> {
    let (_, rest) = message.rsplit_once(" (line ")?;
    let (line, column) = rest.strip_suffix(')')?.split_once(" column ")?;
    Some(LineAndColumn {
        line: line.parse().ok()?,
        column: column.parse().ok()?,
    })
}

/// Returns the place that ends the message of a syntax error.
pub fn place_in_message(message: &str) -> Option<LineAndColumn> {
    let (_, rest) = message.rsplit_once(" at line ")?;
    let (line, column) = rest.split_once(", col ")?;
    let column: String = column.chars().take_while(char::is_ascii_digit).collect();
    Some(LineAndColumn {
        line: line.parse().ok()?,
        column: column.parse().ok()?,
    })
}
