//! People, teams, and what they may do.
//!
//! A *person* is anyone the desk knows: most only call, some sign in. What a person may do comes
//! from their *roles* (agent, manager, approver, administrator); everybody is a requester. A *team*
//! has members and perhaps a lead. A *session* is a signed-in browser; a *visitor* is the person
//! behind a request, read inside the request's own transaction.

pub mod actions;
mod answer;
pub mod form;
mod form_view;
mod layout;
mod model;
pub mod pages;
mod policy;
mod provision;
pub mod session;
mod site;
mod store;
mod visit;

pub use answer::{Answer, see_other};
pub use form::{Done, Form, Upload};
pub use form_view::FormView;
pub use layout::{Flash, Shell, When, initials};
pub use model::{Person, PersonBrief, PersonForm, Roles, Team, TeamForm};
pub use policy::Right;
pub use provision::{provision_password, provision_person, provision_team};
pub use site::Site;
pub use store::{
    NameKnown, find_person, find_person_by_mail, find_team, find_team_by_name, list_agents,
    list_names, list_people, list_teams, members_of, people_by_ids, search_people, team_name,
};
pub use visit::{Visit, Visitor, percent_encode};
