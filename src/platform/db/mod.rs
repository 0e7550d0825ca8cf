//! Two databases, one code base. See `ARCHITECTURE.md`, section Database.
//!
//! `connect` opens a connection by URL scheme, `store` holds the only two ways in (a gate for
//! reading, a gate for writing), `types` the column types, `page` paging by key, `migrate` the
//! embedded migrations, `whole` the filling of an empty database, `dialect` the few statements the two
//! databases do not share.

pub mod connect;
pub mod dialect;
pub mod migrate;
pub mod page;
pub mod store;
pub mod types;
pub mod whole;

pub use connect::{Backend, DatabaseUrl, Db};
pub use store::{Read, Store, Write};
pub use types::{Id, Utc};
