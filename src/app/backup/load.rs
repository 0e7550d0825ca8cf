//! From the members of an archive into an empty schema.

use std::io::BufRead;
use std::path::Path;

use super::{ATTACHMENTS, HEAD, Head, LARGEST_PART, Manifest, TABLES, about, dump};
use crate::platform::db::dialect::{self, Catalogue, Cell, Table};
use crate::platform::db::{Db, Id};
use crate::platform::files::archive::{MANIFEST, Member, Members, Problem};
use crate::platform::files::blobs::Blobs;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets::hex;
use crate::search::{self, Indexed};

/// What an archive is poured into.
pub(super) struct Load<'a> {
    pub file: &'a Path,
    pub head: &'a Head,
    pub blobs: &'a Blobs,
}

impl Load<'_> {
    /// Takes all members, then compares what is there with what the manifest says. `step` is told of
    /// each.
    pub fn all<R: BufRead>(
        &self,
        conn: &mut Db,
        members: &mut Members<'_, R>,
        step: &mut dyn FnMut(),
    ) -> Result<Manifest> {
        let catalogue = dialect::catalogue(conn)?;
        self.same_tables(&catalogue)?;
        for table in &catalogue.tables {
            dialect::empty(conn, table)?;
        }
        dialect::check_loops_later(conn, &catalogue.loops, true)?;
        let mut attachments = 0;
        let manifest = loop {
            let Some(member) = members.next().map_err(|p| self.wrong(p))? else {
                return Err(self.wrong(Problem::CutShort));
            };
            step();
            if member.folder == HEAD {
                // It was read before there was anything to fill.
                member.close().map_err(|p| self.wrong(p))?;
            } else if member.folder == MANIFEST {
                break self.manifest(member, members)?;
            } else if member.folder == ATTACHMENTS {
                self.attachment(member)?;
                attachments += 1;
            } else {
                self.rows(conn, &catalogue, member)?;
            }
        };
        if attachments != manifest.attachments {
            return Err(self.damaged("attachments are left out"));
        }
        dialect::check_loops_later(conn, &catalogue.loops, false)?;
        for table in &catalogue.tables {
            dialect::go_on_counting(conn, table)?;
        }
        self.compare(conn, &catalogue, &manifest)?;
        Ok(manifest)
    }

    fn same_tables(&self, catalogue: &Catalogue) -> Result<()> {
        let same = |table: &Table| {
            let columns: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
            self.head
                .tables
                .iter()
                .any(|t| t.name == table.name && t.columns == columns)
        };
        if self.head.tables.len() == catalogue.tables.len() && catalogue.tables.iter().all(same) {
            Ok(())
        } else {
            Err(self.damaged("its tables are not those of its schema"))
        }
    }

    fn attachment<R: BufRead>(&self, mut member: Member<'_, R>) -> Result<()> {
        let put = self.blobs.put(&mut member);
        let (id, _) = put.map_err(|e| match Problem::from(e) {
            Problem::Disk(e) => Error::inward(format!("an attachment cannot be written: {e}")),
            problem => self.wrong(problem),
        })?;
        if *id.as_bytes() != member.hash {
            return Err(self.damaged(&format!("the attachment {} is another", hex(&member.hash))));
        }
        member.close().map_err(|p| self.wrong(p))
    }

    fn rows<R: BufRead>(
        &self,
        conn: &mut Db,
        catalogue: &Catalogue,
        member: Member<'_, R>,
    ) -> Result<()> {
        let folder = member.folder.clone();
        let name = folder
            .strip_prefix(TABLES)
            .and_then(|n| n.strip_prefix('/'));
        let Some(table) = name.and_then(|name| catalogue.table(name)) else {
            return Err(self.damaged(&format!("nobody knows what {folder} is")));
        };
        let bytes = member.bytes(LARGEST_PART).map_err(|p| self.wrong(p))?;
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for line in bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
            let row = serde_json::from_slice(line);
            rows.push(row.map_err(|e| self.damaged(&format!("a row of {}: {e}", table.name)))?);
        }
        for rows in rows.chunks(dialect::rows_at_once(table)) {
            let poured = if table.name == "search_texts" {
                self.texts(conn, table, rows)
            } else {
                dialect::pour(conn, table, rows)
            };
            poured.map_err(|e| Error::inward(format!("{}: {e}", table.name)))?;
        }
        Ok(())
    }

    /// The rows say which texts can be found, and in which order; the texts are there by now.
    fn texts(&self, conn: &mut Db, table: &Table, rows: &[Vec<Cell>]) -> Result<()> {
        let place = |name: &str| table.columns.iter().position(|column| column.name == name);
        let id = |row: &[Cell], at: Option<usize>| match at.and_then(|at| row.get(at)) {
            Some(Cell::Text(hex)) => hex.parse::<Id<()>>().ok(),
            _ => None,
        };
        let (record, entry) = (place("record_id"), place("entry_id"));
        let audience = place("audience");
        let of = |row: &Vec<Cell>| {
            let record = id(row, record).ok_or_else(|| self.damaged("a text of no record"))?;
            let audience = audience.and_then(|at| row.get(at));
            Ok(Indexed {
                record: record.cast(),
                entry: id(row, entry).map(Id::cast),
                internal: matches!(audience, Some(Cell::Text(word)) if word == "internal"),
            })
        };
        let of: Vec<_> = rows.iter().map(of).collect::<Result<_>>()?;
        let texts = search::indexed_texts(conn, &of)?;
        dialect::pour_texts(conn, table, rows, &texts)
    }

    fn manifest<R: BufRead>(
        &self,
        member: Member<'_, R>,
        members: &mut Members<'_, R>,
    ) -> Result<Manifest> {
        let seal = members.seal();
        let bytes = member.bytes(LARGEST_PART).map_err(|p| self.wrong(p))?;
        let manifest: Manifest = serde_json::from_slice(&bytes)
            .map_err(|e| self.damaged(&format!("its manifest: {e}")))?;
        if (manifest.members, &manifest.whole) != (seal.members, &seal.whole) {
            return Err(self.damaged("parts of it are left out or exchanged"));
        }
        match members.next().map_err(|p| self.wrong(p))? {
            None => Ok(manifest),
            Some(_) => Err(self.damaged("something follows its manifest")),
        }
    }

    /// Reads every row back.
    fn compare(&self, conn: &mut Db, catalogue: &Catalogue, manifest: &Manifest) -> Result<()> {
        for table in &catalogue.tables {
            let is = dump::sum(conn, table)?;
            let should = manifest.tables.iter().find(|sum| sum.name == table.name);
            if should != Some(&is) {
                let (name, rows) = (&is.name, is.rows);
                let should = should.map_or(0, |sum| sum.rows);
                return Err(self.damaged(&format!(
                    "{name} has {rows} rows after the restore that are not the {should} it had"
                )));
            }
        }
        Ok(())
    }

    fn damaged(&self, what: &str) -> Error {
        self.wrong(Problem::Damaged(what.to_owned()))
    }

    fn wrong(&self, problem: Problem) -> Error {
        about(self.file, problem)
    }
}
