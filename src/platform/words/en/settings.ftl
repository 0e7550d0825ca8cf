# Words of settings.

settings-saved = Saved.
settings-saved-with-theirs = Saved, together with what somebody else changed meanwhile.
settings-group-people = People
settings-group-desk = Service desk
settings-group-system = System
pages = Pages
choose = Choose
state-disabled = Disabled
column-roles = Roles
column-state = State
column-order = Order
field-disabled = Disabled
field-lead = Lead
field-owner = Owner
field-criticality = Criticality
field-label = Label
field-behaviour = Behaves like
field-hint = Hint
name-taken = This name is taken already.

## People

settings-people = People
    .text = Who calls, who works here, their roles, and how they sign in
settings-person-new = Add a person
people-find = Find a person
    .placeholder = Name, mail, phone or staff number
people-find-do = Find
people-disabled-too = Also disabled ones
people-none = Nobody found
    .text = Try another word, or include disabled people.
person-added = { $name } was added.
person-enabled = { $name } is enabled again.
person-disabled = { $name } is disabled. Their sessions have ended.
person-signing-in = Signing in
person-has-password = Set
person-has-no-password = Not set yet
person-make-setup-link = Make a link to set a password
person-make-reset-link = Make a link to reset the password
person-disable = Disable
    .hint = Whoever is disabled can't sign in, and is not proposed any more. What they did stays.
person-enable = Enable
person-link = A link for once
person-link-text = Give this link to { $name }. It is shown only now, and works once.
person-link-field = Link
person-link-until = It works until
person-link-done = Done

## Teams

settings-teams = Teams
    .text = Who works together, who leads, and which team takes what nobody else does
settings-team-new = Add a team
teams-none = There are no teams yet
    .text = Work is assigned to teams. Add the first one.
team-added = The team { $name } was added. Add its members below.
team-members = Members
team-no-members = Nobody belongs to this team yet.
team-add = Add members
team-add-person = Add { $name }
team-remove = Remove { $name }
team-member-added = { $name } is a member now.
team-member-removed = { $name } is no longer a member.
team-disabled-hint = It is not proposed any more. Its records stay with it.
desk-team = The desk's own team
    .hint = It gets whatever neither the category nor the service sends to another team.

## Services and categories

settings-services = Services
    .text = What the desk supports, how critical it is, who owns it and which team gets its calls
settings-service-new = Add a service
services-none = There are no services yet
    .text = A service says what is affected, and which team gets it.
service-added = The service { $name } was added.
service-disabled-hint = It can't be chosen any more. Records that name it keep it.
criticality-1 = 1 Critical
criticality-2 = 2 High
criticality-3 = 3 Medium
criticality-4 = 4 Low
settings-categories = Categories
    .text = What calls are about, and which team gets them
settings-category-new = Add a category
categories-none = There are no categories yet
    .text = A category sorts calls, and may send them to a team.
category-added = The category { $name } was added.
category-disabled-hint = It can't be chosen any more. Records that have it keep it.

## Codes

settings-codes = Codes
    .text = Why records wait, how they were resolved, why they were cancelled
codes-hold = Hold reasons
    .text = Why a record waits. Each behaves like one of six the desk knows.
    .new = Add a hold reason
codes-resolution = Resolution codes
    .text = How it ended well.
    .new = Add a resolution code
codes-cancellation = Cancellation codes
    .text = Why nothing was to be done.
    .new = Add a cancellation code
code-new = Add a code
code-added = { $label } was added.
code-up = Move { $label } up
code-down = Move { $label } down
code-disabled-hint = It can't be chosen any more. Records that have it keep it.
code-last-enabled = At least one code of this list stays enabled.
behaviour-requester = Requester: asks a public question
behaviour-appointment = Appointment: until a date
behaviour-supplier = Supplier: names supplier and case
behaviour-change = Change: ends with the linked change
behaviour-problem = Problem: ends with the linked problem
behaviour-other = Other: needs nothing
behaviour-fixed = This came with the desk and stays.

## Priorities

settings-priorities = Priorities
    .text = Levels of impact, urgency and priority, and the matrix between them
matrix = Impact × urgency
    .hint = New choices count from now on. Records keep the priority they have.
matrix-cell = Priority of impact { $impact } and urgency { $urgency }
levels = Levels
scale-impact = Impact
scale-urgency = Urgency
scale-priority = Priority
level-n = Level { $n }
level-add = Add a level
    .hint = It becomes the lowest. In the matrix it begins like the one above it.
level-added = The level { $name } was added.
level-remove = Remove the lowest level
    .hint = Only a level that no record has, and the matrix does not give, can be removed.
level-remove-do = Remove { $name }
level-removed = The level { $name } was removed.
level-in-use = This level is in use, so it stays. You can rename it.
level-last = The last level stays.
level-too-many = There are { $max } levels already, which is as many as there may be.

## General

settings-general = General
    .text = When resolved records close, what a call begins with, and the time zone of new people
field-close-after-days = Days until a resolved record closes by itself
    .hint = 1 to 90. Until then it can be re-opened.
general-zone-hint = This zone is proposed for new people.
field-default-impact = Impact a call begins with
field-default-urgency = Urgency a call begins with
default-level-middle = The middle level
general-defaults-hint = Whoever logs a call sees these first and can choose others.

## History

settings-history = History
settings-administrators = Administrators
history-none = Nothing has been changed here.
history-cell = Impact { $impact }, urgency { $urgency }
history-level-name = Name of level { $level }
history-level-hint = Hint of level { $level }
field-roles = Roles
field-member = Member
field-position = Position
field-desk-team = Team of the desk
field-administrator = Administrator
fact-added = Added
fact-enabled = Enabled
fact-disabled = Disabled
fact-moved = Moved in the list
fact-member-added = Member added
fact-member-removed = Member removed
fact-password-link-made = Link to set a password made
fact-password-set = Password set
fact-preferences-set = Preferences changed
fact-level-added = Level added
fact-level-removed = Level removed
