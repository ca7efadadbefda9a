//! What is opened where it is found is what stands at its path.

use std::{
    fs,
    io::Read,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use super::*;

/// Opens at hand what it is given, and says of each path what was in it.
struct Reading<'a>(&'a Mutex<Vec<(PathBuf, String)>>);

impl Visitor for Reading<'_> {
    fn visit(&mut self, _: Found) -> Result<(), ToolError> {
        Ok(())
    }

    fn visit_at_hand(&mut self, found: AtHand<'_>) -> Result<(), ToolError> {
        let (mut file, metadata) = found.open()?;
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(metadata.bytes, text.len() as u64);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((found.entry().path(), text));
        Ok(())
    }
}

#[test]
fn what_is_opened_at_hand_is_what_stands_at_its_path_links_seen_through() {
    let folder = TestFolder::new();
    for place in ["a", "b/a", "b/c/a", "b/c/d", "elsewhere/a"] {
        folder.write(place, format!("this is {place}"));
    }
    // By their own names something else stands beside what they lead to.
    symlink("../elsewhere/a", folder.join("b/link")).unwrap();
    symlink("../../elsewhere", folder.join("b/c/to-folder")).unwrap();
    let ctx = ctx();
    let paths = ["", "a", "b/link"].map(|path| folder.join(path).try_into().unwrap());
    let read = Mutex::default();
    let walk = ctx.walk(&paths).unwrap().links(Links::Follow);
    walk.visit(|| Reading(&read)).end.unwrap();
    let mut read = read.into_inner().unwrap();
    read.sort();
    assert_eq!(read.len(), 9);
    for (path, text) in read {
        assert_eq!(
            text,
            fs::read_to_string(&path).unwrap(),
            "{}",
            path.display()
        );
    }
}

#[test]
fn a_file_that_became_something_else_is_no_more_opened_at_hand_than_by_its_path() {
    let folder = TestFolder::new();
    folder.write("outside/secret", "");
    let become_something_else: [fn(&Path, &Path); 3] = [
        |path, secret| symlink(secret, path).unwrap(),
        |path, _| fs::create_dir(path).unwrap(),
        |_, _| {},
    ];
    for (number, change) in become_something_else.into_iter().enumerate() {
        let here = format!("{number}");
        let path = folder.write(format!("{here}/file"), "");
        let ctx = ctx();
        let secret = folder.join("outside/secret");
        let change = || {
            fs::remove_file(&path).unwrap();
            change(&path, &secret);
        };
        let visited = walk(&ctx, &folder.join(&here)).visit(|| Changing { change: &change });
        visited.end.unwrap();
    }
}

/// Changes what it is given, and opens it.
struct Changing<'a> {
    change: &'a (dyn Fn() + Sync),
}

impl Visitor for Changing<'_> {
    fn visit(&mut self, _: Found) -> Result<(), ToolError> {
        Ok(())
    }

    fn visit_at_hand(&mut self, found: AtHand<'_>) -> Result<(), ToolError> {
        (self.change)();
        assert!(found.open().is_err());
        Ok(())
    }
}
