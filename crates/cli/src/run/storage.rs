//! The file of `--storage`: the local storage that a page begins with and leaves.
//!
//! A text is a JSON string, or a list of code units if it is ill-formed UTF-16. The items are pairs in a list, since
//! their order is visible to pages.

use std::io;
use std::path::Path;
use std::time::Duration;

use framepost::{InvalidStorageKey, StorageKey, StorageText, StoredArea};
use framepost_guard::{Named, Target, read_named};
use serde::{Deserialize, Serialize};

use super::RunError;

/// The limits on reading the file.
const LIMITS: Named = Named {
    size: 256 << 20,
    wait: Duration::from_secs(60),
};

/// The content of the file.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Content {
    local_storage: Vec<Area>,
}

/// A storage area.
#[derive(Deserialize, Serialize)]
#[serde(try_from = "Written", into = "Written")]
#[derive(Clone)]
struct Area(StoredArea);

/// A storage area as it is written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Written {
    origin: String,
    /// Absent if it is the site of the origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    top_level_site: Option<String>,
    /// Whether it is that of frames of the site below another site, inside the site.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    cross_site_ancestor: bool,
    items: Vec<(Text, Text)>,
}

#[derive(Deserialize, Serialize)]
#[serde(untagged, expecting = "expected a string or a list of code units")]
enum Text {
    Text(String),
    Units(Vec<u16>),
}

impl From<Text> for StorageText {
    fn from(text: Text) -> Self {
        match text {
            Text::Text(text) => text.as_str().into(),
            Text::Units(units) => units.into(),
        }
    }
}

impl From<&StorageText> for Text {
    fn from(text: &StorageText) -> Self {
        match text.to_text() {
            Some(text) => Self::Text(text),
            None => Self::Units(text.units().to_vec()),
        }
    }
}

impl TryFrom<Written> for Area {
    type Error = InvalidStorageKey;

    fn try_from(written: Written) -> Result<Self, InvalidStorageKey> {
        let origin = &written.origin;
        let key = match (&written.top_level_site, written.cross_site_ancestor) {
            (None, false) => StorageKey::from_origin(origin)?,
            (site, _) => StorageKey::from_origin_below(origin, site.as_ref().unwrap_or(origin))?,
        };
        let items = written.items.into_iter();
        let items = items
            .map(|(key, value)| (key.into(), value.into()))
            .collect();
        Ok(Self(StoredArea { key, items }))
    }
}

impl From<Area> for Written {
    fn from(Area(area): Area) -> Self {
        let is_below = area.key.has_cross_site_ancestor();
        let items = area.items.iter();
        Self {
            origin: area.key.origin(),
            top_level_site: is_below.then(|| area.key.top_level_site().to_string()),
            cross_site_ancestor: is_below,
            items: items
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        }
    }
}

/// The file, open.
pub(super) struct StorageFile<'a> {
    path: &'a Path,
    file: Target,
}

impl<'a> StorageFile<'a> {
    /// Reads the file, if it exists, and opens it for writing. A file with an error stays as it is.
    pub(super) fn open(path: &'a Path) -> Result<(Self, Vec<StoredArea>), RunError> {
        let areas = match std::fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            _ => read(path)?,
        };
        let file = Target::open(path).map_err(|error| refused("write", path, &error))?;
        Ok((Self { path, file }, areas))
    }

    /// Replaces the content.
    pub(super) fn write(self, areas: Vec<StoredArea>) -> Result<(), RunError> {
        let local_storage = areas.into_iter().map(Area).collect();
        let text = serde_json::to_string_pretty(&Content { local_storage });
        let text = text.map_err(|error| refused("write", self.path, &error))?;
        let written = self.file.write(format!("{text}\n").as_bytes());
        written.map_err(|error| refused("write", self.path, &error))
    }
}

fn read(path: &Path) -> Result<Vec<StoredArea>, RunError> {
    let bytes = read_named(path, LIMITS).map_err(|error| refused("read", path, &error))?;
    // A run that was stopped leaves a new file empty.
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let content: Content = serde_json::from_slice(&bytes).map_err(|error| {
        let text = error.to_string();
        let end = format!(" at line {} column {}", error.line(), error.column());
        RunError::StorageMalformed {
            file: path.display().to_string(),
            line: error.line(),
            column: error.column(),
            why: text.strip_suffix(&end).unwrap_or(&text).to_owned(),
        }
    })?;
    let areas = content.local_storage.into_iter();
    Ok(areas.map(|Area(area)| area).collect())
}

fn refused(what: &'static str, path: &Path, why: &dyn std::fmt::Display) -> RunError {
    RunError::StorageFile {
        what,
        file: path.display().to_string(),
        why: why.to_string(),
    }
}
