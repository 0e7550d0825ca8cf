//! Rows one by one, for figures over more rows than anybody should hold: the query runs on the concrete
//! connection, since PostgreSQL hands rows out one at a time only when asked.

/// Runs a query and gives each of its rows, of a type, to a closure.
macro_rules! each_of {
    ($conn:expr, $query:expr, $row:ty, $take:expr) => {{
        let take = &mut $take;
        let mut each = || -> diesel::QueryResult<()> {
            $crate::platform::db::dialect::on_backend!($conn,
                c => for row in diesel::RunQueryDsl::load_iter::<$row, diesel::connection::DefaultLoadingMode>($query, c)? {
                    (*take)(row?);
                },
                c => for row in diesel::RunQueryDsl::load_iter::<$row, diesel::pg::PgRowByRowLoadingMode>($query, c)? {
                    (*take)(row?);
                }
            );
            Ok(())
        };
        each()
    }};
}
pub(crate) use each_of;
