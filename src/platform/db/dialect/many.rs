//! Many rows at once. PostgreSQL takes them in one statement, which saves a round trip for each;
//! SQLite, which has none, runs one prepared statement again and again.

/// How many rows one statement takes: PostgreSQL binds at most 65,535 values, and no table has more
/// than 60 columns.
pub const AT_ONCE: usize = 1_000;

/// Inserts a `Vec` of rows into a table.
macro_rules! insert_many {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let mut rows = $rows;
        $crate::platform::db::dialect::on_backend!($conn,
            c => for row in rows {
                diesel::insert_into($table).values(row).execute(c)?;
            },
            c => while !rows.is_empty() {
                let most = $crate::platform::db::dialect::AT_ONCE;
                let rest = rows.split_off(rows.len().min(most));
                diesel::insert_into($table).values(rows).execute(c)?;
                rows = rest;
            }
        )
    }};
}
pub(crate) use insert_many;

/// [`insert_many`], with a column of each row as the database made it: a [`QueryResult`] of them, in
/// the order of the rows. (PostgreSQL gives identities in the order of the `VALUES`, and gives the
/// rows back in it.)
///
/// [`QueryResult`]: diesel::QueryResult
macro_rules! insert_returning {
    ($conn:expr, $table:expr, $rows:expr, $column:expr) => {{
        let mut rows = $rows;
        let mut made = Vec::with_capacity(rows.len());
        let insert = || -> diesel::QueryResult<()> {
            $crate::platform::db::dialect::on_backend!($conn,
                c => for row in rows {
                    let insert = diesel::insert_into($table).values(row).returning($column);
                    made.push(insert.get_result(c)?);
                },
                c => while !rows.is_empty() {
                    let most = $crate::platform::db::dialect::AT_ONCE;
                    let rest = rows.split_off(rows.len().min(most));
                    let insert = diesel::insert_into($table).values(rows).returning($column);
                    made.append(&mut insert.get_results(c)?);
                    rows = rest;
                }
            );
            Ok(())
        };
        insert().map(|()| made)
    }};
}
pub(crate) use insert_returning;
