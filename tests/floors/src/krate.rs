//! Reads a crate: its files, and their uses of each other's rooms.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::lexer::{self, Token};
use crate::methods::{self, Method};
use crate::paths::{self, from_root};
use crate::table::{Floors, Room};

/// A line of a file that uses another room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Use {
    /// The folder of the crate's sources.
    pub(crate) krate: String,
    pub(crate) file: PathBuf,
    pub(crate) line: usize,
    /// The path in the source.
    pub(crate) path: String,
    /// The room of the file, and its floor.
    pub(crate) from: String,
    pub(crate) from_floor: usize,
    /// The used room, and its floor.
    pub(crate) to: String,
    pub(crate) to_floor: usize,
}

impl Use {
    /// Whether it breaks the order.
    pub(crate) fn is_upwards(&self) -> bool {
        self.to_floor > self.from_floor
    }
}

/// The name of the crate's root as a module.
const ROOT: &str = "lib";

/// Adds the uses between the rooms of a crate, file by file, and errors in the table.
pub(crate) fn read(
    floors: &Floors,
    uses: &mut Vec<Use>,
    complaints: &mut Vec<String>,
) -> Result<(), String> {
    let root = Path::new(&floors.folder);
    let mut files = BTreeMap::new();
    find(root, &mut Vec::new(), &mut files)?;
    let names: BTreeMap<String, Vec<String>> = files
        .get(&[ROOT.to_owned()][..])
        .map(|(_, tokens)| paths::root_names(tokens).into_iter().collect())
        .unwrap_or_default();
    for (room, path) in floors.unused(&files.keys().map(Vec::as_slice)) {
        let folder = &floors.folder;
        complaints.push(format!(
            ".ci/floors.txt: room {room} of {folder}: there is no {path}: remove it"
        ));
    }
    for (module, (file, tokens)) in &files {
        let no_room = |module: &[String]| {
            format!(
                "{}: no room of .ci/floors.txt holds {}",
                file.display(),
                module.join("/")
            )
        };
        let from = floors.room_of(module).ok_or_else(|| no_room(module))?;
        let inside: &[String] = if module.first().is_some_and(|name| name == ROOT) {
            &[]
        } else {
            module
        };
        if let Some(room) = floors.rooms.get(from) {
            complaints.extend(forbidden_names(room, file, tokens));
        }
        for path in paths::paths(tokens) {
            let Some(mut target) = from_root(inside, &path) else {
                continue;
            };
            // A name that the root re-exports from a module.
            if target
                .first()
                .is_some_and(|first| !is_module(&files, first))
            {
                let item = target.first().and_then(|first| names.get(first));
                let Some(item) =
                    item.filter(|item| item.first().is_some_and(|first| is_module(&files, first)))
                else {
                    continue;
                };
                target.clone_from(item);
            }
            while !target.is_empty() && !files.contains_key(&target) {
                target.pop();
            }
            if target.is_empty() {
                continue;
            }
            let to = floors.room_of(&target).ok_or_else(|| no_room(&target))?;
            uses.extend(use_of(
                floors,
                file,
                path.line,
                path.segments.join("::"),
                from,
                to,
            ));
        }
    }
    uses.extend(calls(floors, &files));
    Ok(())
}

/// The use of one room by another; `None` within a room.
fn use_of(
    floors: &Floors,
    file: &Path,
    line: usize,
    path: String,
    from_floor: usize,
    to_floor: usize,
) -> Option<Use> {
    if from_floor == to_floor {
        return None;
    }
    Some(Use {
        krate: floors.folder.clone(),
        file: file.to_owned(),
        line,
        path,
        from: floors.rooms.get(from_floor)?.name.clone(),
        from_floor,
        to: floors.rooms.get(to_floor)?.name.clone(),
        to_floor,
    })
}

/// The calls of methods that other rooms add to the type of `self`.
fn calls(floors: &Floors, files: &Files) -> Vec<Use> {
    let of_files: Vec<_> = files
        .iter()
        .filter_map(|(module, (file, tokens))| {
            Some((floors.room_of(module)?, file, methods::methods(tokens)))
        })
        .collect();
    let key = |method: &Method| (method.owner.clone(), method.name.clone());
    let mut defined: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (floor, _, methods) in &of_files {
        for method in &methods.defined {
            defined.entry(key(method)).or_default().push(*floor);
        }
    }
    let mut uses = Vec::new();
    for (from, file, methods) in of_files {
        for call in methods.called {
            let Some(in_floors) = defined.get(&key(&call)) else {
                continue;
            };
            // Types of one name are not distinguished: the nearest room below is assumed.
            let below = in_floors.iter().filter(|floor| **floor <= from).max();
            let Some(to) = below.or(in_floors.iter().min()).copied() else {
                continue;
            };
            let path = format!("{}::{}", call.owner, call.name);
            uses.extend(use_of(floors, file, call.line, path, from, to));
        }
    }
    uses
}

/// An error for each name with a word that the room must not contain.
fn forbidden_names(room: &Room, file: &Path, tokens: &[Token]) -> Vec<String> {
    let mut complaints: Vec<String> = Vec::new();
    for token in tokens {
        let Some(name) = token.name() else { continue };
        let words = words(name);
        if let Some(word) = room.never.iter().find(|word| words.contains(word)) {
            complaints.push(format!(
                "{}:{}: room {} may not name a {word} ({name})",
                file.display(),
                token.line,
                room.name
            ));
        }
    }
    complaints
}

/// The words of a name, in lower case: `WindowId` and `window_id` are `window` and `id`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for character in name.chars() {
        if character == '_' || (character.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        after_lower = character.is_lowercase() || character.is_numeric();
        if let Some(word) = words.last_mut()
            && character != '_'
        {
            word.extend(character.to_lowercase());
        }
    }
    words
}

/// The files of a crate by their modules.
type Files = BTreeMap<Vec<String>, (PathBuf, Vec<Token>)>;

fn is_module(files: &Files, name: &str) -> bool {
    files
        .keys()
        .any(|module| module.first().is_some_and(|first| first == name))
}

fn find(folder: &Path, module: &mut Vec<String>, files: &mut Files) -> Result<(), String> {
    let unreadable = |error| format!("cannot read {}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // These are declared under #[cfg(test)].
        if matches!(stem.as_str(), "tests" | "testing" | "test_support") {
            continue;
        }
        if path.is_dir() {
            module.push(stem);
            find(&path, module, files)?;
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            let mut name = module.clone();
            if stem != "mod" {
                name.push(stem);
            }
            files.insert(name, (path, lexer::tokens(&source)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;

    #[test]
    fn names_are_split_into_words() {
        assert_eq!(words("WindowId"), ["window", "id"]);
        assert_eq!(words("with_window2"), ["with", "window2"]);
        assert_eq!(words("MAX_PAGE"), ["max", "page"]);
    }

    #[test]
    fn uses_of_other_rooms_are_found() {
        let folder = std::env::temp_dir().join(format!("floors-{}", std::process::id()));
        fs::create_dir_all(folder.join("high")).unwrap();
        fs::write(
            folder.join("lib.rs"),
            "mod low; mod high; pub use high::one::One;",
        )
        .unwrap();
        fs::write(
            folder.join("low.rs"),
            "use crate::One;\nuse crate::high;\n// crate::high\nimpl A { fn p() { self.q(); self.r() } }",
        )
        .unwrap();
        fs::write(
            folder.join("high/mod.rs"),
            "mod one; use crate::low::X; impl A { fn q() { self.p() } }",
        )
        .unwrap();
        fs::write(
            folder.join("high/one.rs"),
            "use super::super::low; use super::Y;",
        )
        .unwrap();
        let text = format!(
            "[{}]\nlow: low gone\nhigh: high\nnever high: x\nroot: lib",
            folder.display()
        );
        let (mut uses, mut complaints) = (Vec::new(), Vec::new());
        let table = Table::parse(&text).unwrap();
        read(&table.crates[0], &mut uses, &mut complaints).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(complaints.len(), 2, "{complaints:?}");
        assert!(complaints[0].ends_with("there is no gone: remove it"));
        assert!(complaints[1].ends_with("mod.rs:1: room high may not name a x (X)"));
        let written: Vec<String> = uses
            .iter()
            .map(|used| {
                format!(
                    "{} {} -> {} {}",
                    used.line,
                    used.from,
                    used.to,
                    used.is_upwards()
                )
            })
            .collect();
        assert_eq!(
            written,
            [
                "1 high -> low false",
                "1 high -> low false",
                "1 low -> high true",
                "2 low -> high true",
                "1 high -> low false",
                "4 low -> high true"
            ]
        );
    }
}
