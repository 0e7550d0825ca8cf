//! Administration: people and teams, organisations and locations, suppliers and items, services and categories, codes, priorities, general settings.
//!
//! People and teams have their own actions (`people::actions`); what else is administered has its
//! verbs here. Everything asks for the right to administer and is written to the journal.

pub mod actions;
mod erasing;
mod forms;
pub mod import;
mod model;
mod pages;
mod rules;
mod store;

pub use erasing::Choices;
pub use model::{
    CategoryForm, Cells, CodeForm, General, ItemForm, LevelNames, ServiceForm, SupplierForm,
};
pub use pages::routes;
