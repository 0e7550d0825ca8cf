//! People, teams, and what they may do.
//!
//! A *person* is anyone the desk knows: most only call, some sign in. What a person may do comes
//! from their *roles* (agent, manager, approver, administrator); everybody is a requester. A *team*
//! has members and perhaps a lead. An *organisation* is whom somebody works for, a *location*
//! where. A *session* is a signed-in browser; a *visitor* is the person behind a request, read inside
//! the request's own transaction.

pub mod actions;
mod answer;
mod form;
mod form_view;
mod layout;
mod left;
mod line;
mod links;
pub mod meanwhile;
mod model;
pub mod pages;
mod policy;
mod refusal;
mod rules;
pub mod session;
mod site;
mod store;
mod submit;
pub mod verify;
mod visit;
mod visitor;
mod zones;

pub use answer::{Answer, see_other};
pub use form::{Form, Upload};
pub use form_view::{FormView, new_form_key};
pub use layout::{Flash, Shell, When, initials};
pub use left::TimeLeft;
pub use line::{Line, Lines};
pub use model::{
    Identity, Location, LocationForm, Notice, Organisation, OrganisationForm, Person, PersonBrief,
    PersonForm, Preferences, Roles, Team, TeamForm, Whereabouts,
};
pub use policy::Right;
pub use rules::{
    MANAGERS_MAX, check_zone, location as check_location, manages_themself,
    new_password as check_new_password, person as check_person,
};
pub use site::Site;
pub use store::{
    NameKnown, PeopleAsked, count_members, default_zone, find_location, find_location_by_name,
    find_organisation, find_organisation_by_name, find_person, find_person_by_mail,
    find_person_named, find_team, find_team_by_name, forget_forms, forget_parked_under,
    keeps_content, kept_contents_after, kept_files, list_agents, list_locations, list_managers,
    list_names, list_notices, list_organisations, list_people, list_teams, list_workers,
    members_of, people_by_ids, people_by_keys, read_notices, reports_of, search_people, team_name,
    team_names_of, tell, whereabouts,
};
pub use submit::Done;
pub use visit::{Visit, percent_encode};
pub use visitor::Visitor;
pub use zones::COMMON as COMMON_ZONES;
