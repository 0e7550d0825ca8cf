//! Tables that refer to each other in a circle, and rows that refer to rows that come later: a
//! lead of a team, a manager of a manager.

use andon::platform::db::dialect::{self, Cell};
use diesel::connection::SimpleConnection;

use super::*;

#[test]
fn rows_that_refer_in_a_circle_are_copied_and_checked() {
    for backend in backends() {
        let database = Database::bare(backend);
        let mut conn = database.connect();
        if backend == Backend::Sqlite {
            conn.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
        }
        conn.batch_execute(
            "CREATE TABLE hen (id text NOT NULL PRIMARY KEY, mother text REFERENCES hen (id), egg text);
             CREATE TABLE egg (id text NOT NULL PRIMARY KEY, hen text REFERENCES hen (id));
             BEGIN",
        )
        .unwrap();
        if backend == Backend::Postgres {
            let circle = "ALTER TABLE hen ADD FOREIGN KEY (egg) REFERENCES egg (id)";
            conn.batch_execute(circle).unwrap();
        }
        let catalogue = dialect::catalogue(&mut conn).unwrap();
        assert!(!catalogue.loops.is_empty(), "{catalogue:?}");
        dialect::check_loops_later(&mut conn, &catalogue.loops, true).unwrap();
        let text = |t: &str| Cell::Text(t.to_owned());
        let hens = [
            vec![text("a"), text("b"), text("x")],
            vec![text("b"), Cell::Null, Cell::Null],
        ];
        for table in &catalogue.tables {
            let rows: &[Vec<Cell>] = match table.name.as_str() {
                "hen" => &hens,
                _ => &[vec![text("x"), text("a")]],
            };
            // One by one, so that what is referred to is not there yet.
            for row in rows {
                dialect::pour(&mut conn, table, std::slice::from_ref(row)).unwrap();
            }
        }
        dialect::check_loops_later(&mut conn, &catalogue.loops, false).unwrap();
        conn.batch_execute("COMMIT").unwrap();
        let mut read = String::new();
        let hen = catalogue.table("hen").unwrap();
        dialect::each_row(&mut conn, hen, |row| {
            read.push_str(std::str::from_utf8(row).unwrap());
            Ok(())
        })
        .unwrap();
        assert_eq!(read, "[\"a\",\"b\",\"x\"]\n[\"b\",null,null]\n");
        if backend == Backend::Postgres {
            let stays = conn.batch_execute("INSERT INTO hen (id, mother) VALUES ('c', 'nobody')");
            assert!(stays.is_err(), "references are checked at once again");
        }
    }
}
