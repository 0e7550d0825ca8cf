//! What calls are about: configuration items and who supplies them.
//!
//! A configuration *item* has a class, an environment, a team and a service. An item *depends on*
//! others; circles are allowed, so every walk along these edges is bounded ([`walk`]). A *supplier*
//! is named on a hold with their case reference. Nothing is discovered, and nothing follows from an
//! edge by itself.

mod model;
pub mod rules;
mod store;
pub mod verify;
mod walk;

pub use model::{Environment, Item, ItemRow, Supplier, SupplierRow};
pub use store::{
    Asked, count_needs, delete_edge, find_item, find_items_named, find_supplier,
    find_supplier_by_name, insert_edge, insert_item, insert_supplier, item_name, items_by_keys,
    list_items, list_suppliers, need_keys_of, needs_of, update_item, update_supplier,
};
pub use walk::{Reach, reached_from};
