# Words of settings.

settings-saved = Saved.
settings-saved-with-theirs = Saved, together with what somebody else changed meanwhile.
settings-group-people = People
settings-group-desk = Service desk
settings-group-estate = Estate
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
person-is-erased = This person was erased. Nothing of theirs can be changed any more.
person-leaves = Disable
leave-holds = What they still hold
leave-records = Open records assigned to them
leave-tasks = Open tasks
leave-as-requester = Open records they asked for or are affected by
leave-watched = Open records they watch
leave-services = Services they own
leave-teams = Teams they lead
leave-reports = People whose line manager they are
leave-by-hand = Services, teams and line managers are changed on their own pages. What they asked for goes on; what they watch stays as it is.
leave-to = Who goes on with the records and tasks
leave-to-needed = They hold open records or tasks: choose who goes on with them.
leave-command-needed = They hold open records or tasks. Add --to-teams, or --to with the mail address of whoever goes on with them.
leave-to-teams = Their teams, without a person
    .hint = Each record stays with its team; a task goes to the team of its record.
leave-without-team =
    { $count ->
        [one] One record has no team: it will be with nobody.
       *[other] { $count } records have no team: they will be with nobody.
    }
leave-to-person = One person
    .hint = All of it goes to whom you choose here.
leave-do = Hand on and disable
leave-hand-on = Hand on
person-still-holds = What they still hold
person-erase = Erase
person-erased = This person was erased and is now { $name }. On SQLite, what is left in the file goes within a minute.
erase-leave-first = They are not disabled yet. Hand on what they hold and disable them first.
erase-holds-work = They still hold open records or tasks. Hand these on first.
erase-to-leaving = What they still hold
erase-always = What goes in any case
    .hint = Their name becomes “Erased person” and a number, wherever it stands: on records, replies, notes and in the history. Mail address, phone, staff number, organisation, location, line manager, password, sessions, forms they did not finish, and the salts of the journal go too.
erase-facts = Entries of the history that name them
erase-counted = The numbers on this page leave out restricted records that do not name you. There may be more there, and it goes too.
erase-choose = What else goes
erase-records = Titles and descriptions of what they asked for
    .hint = The records stay, with their numbers and times.
erase-replies = What they said
    .hint = Replies, and what they told the desk when they got in touch.
erase-notes = What they wrote at work
    .hint = Notes, what solved a record, reasons, and tasks.
erase-files = Files they gave
    .hint = Also from the disk, unless somebody else gave the same file.
erase-stays = What stays
    .text = Records, numbers, times, states and counts stay, and every report counts as before. The journal keeps its facts and hashes and can still be verified.
erase-others = What others wrote about them stays too: nobody can find that but somebody who reads.
erase-search = Search for their name
erase-backups = Backups made before hold what they held. Keep them no longer than you say you do; after restoring one, erase again.
erase-wait = With SQLite the file is written anew, within a minute; on a large desk, saving waits some seconds meanwhile.
erase-confirm = Type their mail address or name
    .hint = This cannot be undone.
erase-confirm-wrong = This is neither their mail address nor their name.
erase-do = Erase this person
file-erased = A file that was erased
field-erased = Number of the erased person
field-erase-records = Titles and descriptions erased
field-erase-replies = What they said erased
field-erase-notes = What they wrote at work erased
field-erase-files = Their files erased
leave-changed = What they hold has changed since you looked. This is how it is now; press again if it is right.
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
    .hint = It gets whatever neither the category nor the service sends to another team, and it answers to the caller of every new record: it stays the owning team, whoever does the work.

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
codes-factor = Contributing factors
    .text = What kinds of things contribute to a failure.
    .new = Add a contributing factor
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

settings-fair-order = Fair order
    .text = How long each kind of work may wait, and which teams take work by it
    .hint = Work that waits has a place: when it came, and the hours below. Whoever takes the next gets the earliest place; one pull in five is kept for problems and action items. Time on hold does not count. What waits already keeps its place.
allowance-of-incident = Hours an incident may wait
allowance-of-request = Hours a request may wait
allowance-of-problem = Hours a problem may wait
allowance-of-action = Hours an action item may wait
field-allowance-incident = Hours an incident may wait
field-allowance-request = Hours a request may wait
field-allowance-problem = Hours a problem may wait
field-allowance-action = Hours an action item may wait
field-fair-teams = Teams that take work in the fair order
    .hint = Teams that own problems or action items. A first line takes the most urgent first; whoever stands in such a team too takes as it does.
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
fact-erased = Erased
fact-texts-erased = Texts of a person erased
fact-moved = Moved in the list
fact-member-added = Member added
fact-need-added = Depends on something
fact-need-removed = Depends on it no longer
fact-member-removed = Member removed
fact-password-link-made = Link to set a password made
fact-password-set = Password set
fact-preferences-set = Preferences changed
fact-level-added = Level added
fact-level-removed = Level removed

## Organisations, locations and suppliers

settings-organisations = Organisations
    .text = Whom people work for: companies, subsidiaries, departments
settings-organisation-new = Add an organisation
organisations-none = There are no organisations yet
    .text = Whoever calls may belong to one. Reports can tell them apart.
organisation-added = The organisation { $name } was added.
organisation-disabled-hint = It can't be chosen any more. Whoever belongs to it stays with it.
settings-locations = Locations
    .text = Where people work, and where things stand
settings-location-new = Add a location
locations-none = There are no locations yet
    .text = Where somebody works is proposed when they call.
location-added = The location { $name } was added.
location-disabled-hint = It can't be chosen any more. People and records that name it keep it.
settings-suppliers = Suppliers
    .text = Who is waited for outside, and how to reach them
settings-supplier-new = Add a supplier
suppliers-none = There are no suppliers yet
    .text = A hold names the supplier and their case. Names on no list may be typed too.
supplier-added = The supplier { $name } was added.
supplier-disabled-hint = It can't be chosen any more. Holds that name it keep it.

## Configuration items

settings-items = Configuration items
    .text = What calls are about: devices, servers, applications, and what they depend on
settings-item-new = Add an item
items-none = No items found
    .text = Add one, or bring many from a file.
items-find = Find an item
    .placeholder = How its name begins
items-disabled-too = Also disabled ones
item-added = { $name } was added. Say below what it depends on.
item-disabled-hint = It can't be chosen any more. Records that name it keep it.
field-class = Class
field-environment = Environment
environment-production = Production
environment-staging = Staging
environment-test = Test
environment-development = Development
item-needs = It depends on
    .none = It depends on nothing that is known here.
item-need-add = Add what it depends on
item-need-by-name = Its name, or a beginning that only it has.
item-need-added = It depends on { $name } now.
item-need-removed = It no longer depends on { $name }.
item-need-remove = It does not depend on { $name }
item-need-itself = An item does not depend on itself.
item-needs-too-many = It depends on { $max } items already, which is as many as there may be.
item-needed-by = What depends on it, directly or over others
    .none = Nothing that is known here depends on it.
item-needed-by-more = These are the nearest. There may be more.
item-shown-first = The first { $count } are shown.
item-records = Open records about it
field-depends-on = Depends on

## From a file

import-people = People from a file
import-items = Configuration items from a file
import-file = File
    .hint = CSV in UTF-8 with a header line, plain or packed with gzip.
import-look = Look what it would change
import-apply = Import it
import-again = Choose another file
import-no-file = Choose a file first.
import-columns = Columns
import-columns-people = name, and staff_number or mail (or both), are needed. phone, organisation, location, manager (the line manager's mail address or staff number) and vip (yes or no) may be there. Whoever has the same staff number, or else the same mail address, is changed; all others are added. Organisations and locations that are new are added too. A column that is not in the file changes nothing; an empty cell empties the field.
import-columns-items = name is needed. class, environment (production, staging, test or development), team, service and depends_on (names, with | between them) may be there. An item of the same name is changed; all others are added. A column that is not in the file changes nothing; an empty cell empties the field.
import-preview = What it would change
import-ignored = Columns that nothing is known of, and which are left out:
import-added = Added
import-changed = Changed
import-unchanged = Unchanged
import-rejected = Rejected
import-line = Line
import-what = Row
import-why = Why not
import-changes = What changes
import-shown = The first { $n } of { $all } are shown.
import-nothing = Nothing would change.
import-new = New:
import-done = Imported: { $added } added, { $changed } changed, { $unchanged } unchanged, { $rejected } rejected.
import-too-long = The file has more than { $max } rows, which is too many for a page. Bring it with the command andon import, on the machine Andon runs on.
import-file-unreadable = The file cannot be read: { $why }
import-file-empty = The file is empty. Export it again, with its header line.
import-file-no-table = This is { $found }, not a CSV file.
import-file-encoding = This is { $found }, not UTF-8. Save it again as CSV UTF-8.
import-file-damaged = The packed file is damaged or cut off. Pack or fetch it again.
import-file-header = The first line is not a usable header: { $why }
import-column-missing = The file has no column “{ $name }”. The first line names the columns.
import-meanwhile = Somebody changed the same things meanwhile. Import the file again: what is done stays done.
import-why-ragged = it has { $found } cells where the header has { $expected }; is a quote or a delimiter missing?
import-why-cell-too-long = the cell in column { $column } is longer than { $limit } bytes
import-why-row-too-long = it is longer than { $limit } bytes
import-why-nul = it holds a NUL character
import-why-not-utf8 = it is not UTF-8
import-why-open-quote = a quote opened here is never closed, so the rest of the file could not be told apart
import-why-unreadable = it cannot be read: { $why }
import-why-needs-rejected = it depends on an item that is rejected itself
import-why-duplicate = the row of line { $line } has the same { $field }
import-why-no-name = it has no name
import-why-no-key = it has neither a staff number nor a mail address
import-why-mail-of = the mail address belongs to { $name }, who has another staff number
import-why-unknown = { $field }: there is no { $value }
import-why-disabled = { $field }: { $value } is disabled
import-why-not-yes-no = { $field }: { $value } is neither yes nor no
