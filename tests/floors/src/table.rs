//! The table of floors.
//!
//! ```text
//! [crates/engine/src]
//! # One room per line, from the bottom: a room may use the rooms on the lines before its own.
//! boa: boa
//! dom: dom bindings/node
//! never boa: window document
//! ```
//!
//! `never` lists words that no name in a room may contain.
//!
//! After the colon are the paths of the room's files and folders, without `.rs`. The longest path that matches a file
//! applies.

/// All crates of the table.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) crates: Vec<Floors>,
}

/// The rooms of a crate.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Floors {
    /// The folder of its sources.
    pub(crate) folder: String,
    /// The rooms, from the bottom.
    pub(crate) rooms: Vec<Room>,
}

/// A room, which contains some files of a crate.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Room {
    pub(crate) name: String,
    paths: Vec<Vec<String>>,
    /// Words that no name in this room may contain, in lower case.
    pub(crate) never: Vec<String>,
}

impl Table {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut table = Self::default();
        for (index, line) in text.lines().enumerate() {
            let wrong = |problem: &str| format!("line {}: {problem}", index + 1);
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            if let Some(folder) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                table.crates.push(Floors {
                    folder: folder.to_owned(),
                    rooms: Vec::new(),
                });
                continue;
            }
            let (name, paths) = line
                .split_once(':')
                .ok_or_else(|| wrong("expected ROOM: PATH PATH ..."))?;
            let floors = table
                .crates
                .last_mut()
                .ok_or_else(|| wrong("a room before the first [FOLDER]"))?;
            if let Some(name) = name.strip_prefix("never ") {
                let room = floors
                    .rooms
                    .iter_mut()
                    .find(|room| room.name == name.trim());
                let room =
                    room.ok_or_else(|| wrong("`never` for a room that is not listed above"))?;
                room.never
                    .extend(paths.split_whitespace().map(str::to_lowercase));
                continue;
            }
            let name = name.trim().to_owned();
            if floors.rooms.iter().any(|room| room.name == name) {
                return Err(wrong("this room is listed twice"));
            }
            let path = |path: &str| path.split('/').map(str::to_owned).collect();
            floors.rooms.push(Room {
                name,
                paths: paths.split_whitespace().map(path).collect(),
                never: Vec::new(),
            });
        }
        Ok(table)
    }
}

impl Floors {
    /// The paths of the table that contain none of these modules, with their rooms.
    pub(crate) fn unused<'a>(
        &self,
        modules: &(impl Iterator<Item = &'a [String]> + Clone),
    ) -> Vec<(String, String)> {
        let paths = self.rooms.iter().flat_map(|room| {
            let paths = room.paths.iter();
            paths.map(move |path| (&room.name, path))
        });
        let unused =
            paths.filter(|(_, path)| !modules.clone().any(|module| module.starts_with(path)));
        unused
            .map(|(name, path)| (name.clone(), path.join("/")))
            .collect()
    }

    /// The floor of the room of a module, counted from the bottom.
    pub(crate) fn room_of(&self, module: &[String]) -> Option<usize> {
        let rooms = self.rooms.iter().enumerate();
        let fitting = rooms.flat_map(|(index, room)| {
            let paths = room.paths.iter();
            paths
                .filter(|path| module.starts_with(path))
                .map(move |path| (path.len(), index))
        });
        fitting
            .max_by_key(|(length, _)| *length)
            .map(|(_, index)| index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(path: &str) -> Vec<String> {
        path.split('/').map(str::to_owned).collect()
    }

    #[test]
    fn longest_path_applies() {
        let table = Table::parse("# floors\n[a/src]\nlow: low all/x\nhigh: all # rest\n").unwrap();
        let floors = &table.crates[0];
        assert_eq!(floors.folder, "a/src");
        assert_eq!(floors.room_of(&module("all/x/y")), Some(0));
        assert_eq!(floors.room_of(&module("all/xy")), Some(1));
        assert_eq!(floors.room_of(&module("lower")), None);
        let modules = [module("all/x/y")];
        let unused = floors.unused(&modules.iter().map(Vec::as_slice));
        assert_eq!(unused, [("low".to_owned(), "low".to_owned())]);
    }

    #[test]
    fn malformed_tables_are_refused() {
        let error = |text: &str| Table::parse(text).unwrap_err();
        assert_eq!(error("a: a"), "line 1: a room before the first [FOLDER]");
        assert_eq!(error("[x]\na"), "line 2: expected ROOM: PATH PATH ...");
        assert_eq!(
            error("[x]\nnever a: b"),
            "line 2: `never` for a room that is not listed above"
        );
        assert_eq!(
            error("[x]\na: a\na: b"),
            "line 3: this room is listed twice"
        );
    }
}
