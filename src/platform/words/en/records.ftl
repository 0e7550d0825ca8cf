# Words of records: states, kinds, channels, verbs, what a rule says.

## States

state-new = New
state-assigned = Assigned
state-in-progress = In progress
state-waiting = Waiting
state-resolved = Resolved
state-closed = Closed
state-cancelled = Cancelled
state-awaiting-approval = Awaiting approval
state-in-fulfilment = In fulfilment
state-fulfilled = Fulfilled
state-rejected = Rejected
state-under-investigation = Under investigation
state-fix-planned = Fix planned
state-fix-in-progress = Fix in progress
state-verifying = Verifying
state-draft = Draft
state-assessment = Assessment
state-scheduled = Scheduled
state-implementing = Implementing
state-review = Review
state-facts-agreed = Facts agreed
state-in-review = In review
state-published = Published
state-open = Open
state-done = Done
state-verified = Verified
state-declined = Won’t do

## Kinds

kind-incident = Incident
kind-request = Request
kind-problem = Problem
kind-change = Change
kind-postmortem = Post-mortem
kind-action = Action item

## Changing the kind

verb-make-incident = Make it an incident
verb-make-request = Make it a request
raise-postmortem = Raise a post-mortem over this
raise-problem = Raise a problem from this
raise-change = Raise a change from this
kinds-title = Changed kinds
kinds-what = Incidents and requests by how they reached the desk, and those whose kind had to be changed.
kinds-time = Reported in
kinds-days = the last { $count } days
kinds-logged = Logged
kinds-changed = Kind changed
kinds-share = Share
kinds-none = Nothing was reported in this time.
kind-stays = { $number } keeps its kind. Only incidents and requests become each other; problems and changes are raised from a record.
kind-only-while-open = { $number } is no longer open, so its kind stays.
kind-stays-while-major = { $number } is a major incident, so its kind stays. Say first that it is not major.
kind-what-happens = It gets a new number, and { $number } leads to it from then on. Requester, conversation, tasks, files, links and watchers stay, and so does a hold.
kind-state-there = Its state will be “{ $state }”.
kind-changed = { $former } is now { $number }.
number-moved = { $former } is now { $number }.
moved-title = { $former } is now { $number }
moved-by = { $name } changed its kind at { $time }, while you were writing. Nothing of yours has been sent yet.
moved-what = Its kind was changed while you were writing. Nothing of yours has been sent yet.
moved-yours = What you wrote
moved-send = Send it to { $number }
moved-go-on = Go on writing there
moved-leave = Leave it

## Channels

channel-phone = Phone
channel-walk-up = Walk-up
channel-mail = Mail
channel-portal = Portal
channel-chat = Chat
channel-monitoring = Monitoring

## What a rule says

move-not-possible = { $number } is in a state that does not allow this. Reload the page to see it as it is now.
priority-reason-needed = Say why the priority differs from the matrix.
reported-in-the-future = This lies in the future.
hold-reason-needed = Choose what it waits for.
hold-question-needed = Ask the requester something; they will read it.
hold-supplier-needed = Name the supplier.
hold-case-needed = Give the supplier's case reference.
hold-record-needed = Give the number of the record it waits for.
hold-record-wrong = This must be an open record of that kind.
hold-date-past = This date is over.
record-unknown = There is no such record.
link-to-itself = A record cannot be linked to itself.
assignee-cannot-work = This person cannot be assigned records.
nothing-to-take = Nothing unassigned waits in your teams.
reopen-too-late = The time to re-open it is over. Log a new record and link it as a recurrence.
record-closed = { $number } is closed, and closed is final. Log a new record and link it as a recurrence.
record-not-open = { $number } is no longer open.
hold-no-requester = This record has no requester who could be asked. Choose the requester first.
audience-needed = Choose who will see this.
record-file-needed = Choose a file.
handoff-no-team = No team has this yet: assign it instead.
handoff-same-team = Choose the team it goes to. To keep it where it is, leave both texts empty.
handoff-needs-team = Somebody has worked on this: hand it to another team instead of leaving it without one.
handoff-none-to-return = It was not handed to the team that has it now, so there is nobody to send it back to.
handoff-team-gone = The team it came from is switched off. Hand it to another team instead.

## Priorities

priority-source-override = Overridden
priority-source-imported = Imported
priority-source-matrix = By the matrix
priority-by-matrix = As the matrix says
impact-is = { $level } impact
urgency-is = { $level } urgency

## Audiences

record-public-reply = Public reply
record-internal-note = Internal note
audience-public = Public
audience-internal = Internal

## The verbs

assign-to-me = Assign to me
more-actions = More actions
move-to-state = Move to “{ $state }”
verb-hold = Put on hold
verb-resume = Resume
verb-resolve = Resolve
verb-fulfil = Fulfil
verb-close = Close
verb-reopen = Re-open
verb-reject = Reject
verb-cancel = Cancel this record
verb-hand-off = Hand off
verb-send-back = Send back

## What was done

reply-sent = Your reply is on the record.
reply-sent-and-resolved = Your reply is on the record, and the record is resolved.
resolve-with-reply-only = A record is resolved together with a public reply, not with an internal note. Save the note, then resolve.
sent-or-resolved = A resolution is typed here, but the button only sends. Clear it, or send and resolve.
note-saved = Your note is on the record.
saved-beside = Saved. Meanwhile { $name } changed: { $fields }.
assignment-saved = Assigned.
record-handed-off = Handed off.
record-sent-back = Sent back.
record-moved = Now “{ $state }”.
record-held = On hold.
record-resolved = Resolved.
record-cancelled = Cancelled.
watcher-added = Added to the watchers.
watcher-removed = Removed from the watchers.
link-added = Linked with { $number }.
link-removed = The link is removed.
files-added = Attached.

## A record's page

tabs-label = Parts of the record
tab-conversation = Conversation
tab-replies = Replies
tab-notes = Notes
tab-history = History
record-show-older = Show older
no-messages = Nothing here yet.
send-and-resolve = Send and resolve
send-and-fulfil = Send and fulfil
resolve-with-reply = How it was resolved
resolve-text-or-reply = empty: the reply itself
logged-by = { $channel }, logged by { $name }
logged-through = { $channel }, { $door }
no-description = No description.
edit-description = Edit
edit-title = Edit the title
about-record = About this record
record-details = Details
record-no-requester = No requester
record-no-team = No team
record-nobody = Nobody
other-open-records = { $count ->
    [one] { $count } other open record
   *[other] { $count } other open records
}
on-hold = On hold
hold-since = Since
record-resolution = Resolution
record-cancellation = Cancellation
mark-first-contact = Solved at first contact
record-attachments = Attachments
record-attach = Attach
record-attach-files = Attach files
record-linked = Linked
link-type = This record is
link-number = Number of the other record
link-add = Link
link-remove = Remove the link to { $number }
link-related = Related to
link-caused-by = Caused by
link-cause-of = Cause of
code-has-its-own-form = This asks for more: use its own form, “Accept the risk”.
link-fixed-by = Fixed by
link-fix-of = Fix of
link-fix-is-a-change = Only a change fixes, and only a problem.
link-recurrence-of = Recurrence of
link-recurred-as = Recurred as
record-watchers = Watchers
watch-this = Watch this
watcher-remove = Remove { $name } from the watchers
record-find = Find
record-find-person = Name, mail, phone or staff number
record-no-person-found = Nobody found.
record-choose = Choose
closed-is-final = This is final. If it comes up again, log a new record.
log-a-recurrence = Log a recurrence
size-bytes = { $n ->
    [one] { $n } byte
   *[other] { $n } bytes
}
size-kilobytes = { $n } KB
size-megabytes = { $n } MB

## The composer

record-who-sees-this = Who will see this
public-is-for = { $name } and everybody who watches will read this.
public-is-for-watchers = Everybody who watches will read this.
public-is-for-affected = { $count ->
    [one] So will the affected person.
   *[other] So will { $count } affected people.
}
note-is-internal = Internal.
note-is-for = Only people who work on records read this, never the requester.
record-message = Message
record-message-placeholder = Write an update…
send-reply = Send reply
save-note = Save note
send-anyway = Send anyway

## Holding, ending, re-opening

hold-question = Question to the requester
hold-question-hint = A public reply: { $name } will read it.
hold-for-number = Number of the record it waits for
hold-resume-optional = optional, unless it is an appointment

## Handing off

handoff-from = From
handoff-to = To the team
handoff-owner-stays = stays, and answers to the caller
handoff-is-internal = Only people who work on records read this, never the requester.
handoff-asks = Where it goes to another team, say in a sentence what they need to know:
handoff-back-to = Back to
handoff-back-why = Why it is sent back
handed-from-to = Handed off: { $from } → { $to }
sent-back-from-to = Sent back: { $from } → { $to }
handed-often = Handed off { $count } times

## Changed meanwhile

conflict-title = Somebody else changed this record
conflict-what = { $name } changed the same at { $time }, while you were writing. Choose which value to keep.
conflict-yours = Yours
conflict-save = Save this choice
conflict-leave = Leave it as it is now
nothing-is-lost = Nothing is lost.

## Fields

field-title = Title
field-description = Description
field-requester = Requester
field-service = Service
field-service-criticality = Criticality of the service
field-category = Category
field-item = Configuration item
field-location = Location
field-requester-organisation = Organisation of the requester
item-by-name = Its name, or a beginning that only it has. Empty for none.
item-unknown = There is no configuration item whose name begins with “{ $name }”.
item-several = More than one begins like this: { $names }. Type more of the name.
hold-supplier-hint = One of the list, or any other name.
field-team = Team
field-owner-team = Owning team
field-handoffs = Hand-offs
field-tried = What was tried
field-wanted = What is wanted
field-assignee = Assignee
field-channel = Channel
field-impact = Impact
field-urgency = Urgency
field-priority = Priority
field-priority-source = Priority comes from
field-priority-reason = Why it differs from the matrix
field-state = State
field-reported-at = Reported
field-updated-at = Updated
field-resolved-at = Resolved at
field-closed-at = Closed at
field-reassignments = Reassignments
field-reopens = Re-openings
field-entry-audience = Audience
field-entry-channel = Channel
field-entry-body = Text
field-attachment = File
field-attachment-audience = Audience
field-watcher = Watcher
field-kind = Kind
field-number = Number
field-former-number = Former number
field-kind-reason = Why it is of the other kind
field-link-to = Record
field-link-type = Link
field-hold-reason = Waits for
field-hold-for = Record waited for
field-hold-supplier = Supplier
field-hold-supplier-case = Supplier's case
field-hold-resume-at = Resumes
field-resolution-code = How it was resolved
field-resolution-text = What solved it
field-cancellation-code = Why it is cancelled
field-cancellation-text = Explanation
field-reopened-for = Who asked for it
field-reopened-because = Why
field-reason = Reason
field-lift-reason = Why it is no longer restricted
field-first-contact = Solved at first contact
field-resolved-by = Resolved by
field-hold-state-before = State before

# What only the system had that a record was imported from.
field-source-state = State there
field-source-channel = Channel there
field-source-opened-by = Opened there by
field-source-location = Location
field-source-subcategory = Subcategory
field-source-symptom = Symptom
field-source-configuration-item = Configuration item
field-source-knowledge = Knowledge
field-source-priority-confirmed = Priority confirmed
field-source-notify = Notification
field-source-problem = Problem there
field-source-rfc = Change there
field-source-vendor = Supplier there
field-source-caused-by = Caused there by

## History

fact-created = Created
fact-edited = Edited
fact-breached = A promise was not kept
fact-escalated = A promise was close to being late, or late
fact-assigned = Assigned
fact-handed-off = Handed off
fact-sent-back = Sent back
fact-advanced = Moved on
fact-rejected = Rejected
fact-held = Put on hold
fact-resumed = Resumed
fact-resolved = Resolved
fact-cancelled = Cancelled
fact-closed = Closed
fact-reopened = Re-opened
fact-replied = Public reply
fact-noted = Internal note
fact-attached = File attached
fact-watched = Watcher added
fact-unwatched = Watcher removed
fact-kind-changed = Kind changed
fact-linked = Linked
fact-unlinked = Link removed
fact-solved-at-first-contact = Solved at first contact
fact-first-contact-withdrawn = Not solved at first contact after all
fact-other = Changed
door-web = on the web
door-api = by the API
door-mail = by mail
door-command = on the command line
door-imported = imported
door-worker = by itself
door-demo = sample data
flag-true = Yes
flag-false = No
record-value-none = empty
record-value-erased = erased
on-behalf-of = on behalf of { $name }
recorded-at = recorded

## Getting in touch

contact-log = Note a contact
contact-who = Who got in touch?
contact-somebody-else = Somebody else, by name, mail, phone or staff number
contact-who-needed = Choose who got in touch.
contact-text = What they said
contact-text-hint = Only they and people who work on records read this.
contact-text-needed = Write what they said.
contact-is-chaser = They ask what became of it (a chaser)
contact-is-affected = They are affected too
contact-reopens = It is not solved: re-open it
contact-save = Save contact
contact-saved = The contact is on the record. Contacts: { $contacts }, chased: { $chased }.
contact-ended-hold = The contact is on the record, which waited for it and goes on.
contact-reopened = The contact is on the record, which is open again.
contact-person-left = { $name } is no longer with us. Choose somebody who is.
contact-chaser = Chaser
chased-times = { $count ->
    [one] Chased once
   *[other] Chased { $count } times
}
contact-count = { $count ->
    [one] { $count } contact
   *[other] { $count } contacts
}
affected-count = { $count ->
    [one] { $count } affected
   *[other] { $count } affected
}
affected-people = Affected people
affected-is-requester = This is the requester, who is affected already.
affected-was-added = Added to the affected people.
affected-was-removed = Removed from the affected people.
affected-remove = Remove { $name } from the affected people
called-for-them = called for them
audience-contact = Theirs and ours
field-caller = Caller
field-affected = Affected
field-affected-count = Affected people
field-contacts = Contacts
field-chased = Chased
field-contact-from = From
field-entry-chaser = Chaser
field-entry-by-staff = By staff
lowering-needs-manager = Three quarters of the time are used, or more. A manager may still lower the priority, with a reason.
lowering-needs-reason = Say why it is lowered now: three quarters of its time are used, or more.
field-lowered-because = Why it was lowered
field-clock-target = Target
field-clock-cycle = Cycle
field-clock-part = Part of the cycle
field-clock-due-at = Due
field-clock-agreement = Agreement
field-clock-version = Version of the agreement
field-clock-step = Step of the escalation
field-clock-step-index = Its place
field-clock-step-overtaken = A later step came with it
fact-contact-received = Contact
fact-affected-added = Affected person added
fact-affected-removed = Affected person removed

## Restricted records

restricted = Restricted
restriction-act = Restrict who sees this
restriction-title = Who sees this record
restriction-text = A restricted record exists for the people and the team named here only. For everybody else there is no such record: not in a list, a count, a search or an export, also not for managers and administrators.
restriction-people = People who see it
restriction-find = Look for somebody else
restriction-team = A team that sees it
restriction-no-team = No team
restriction-reason = Why
restriction-preview = What this does
restriction-preview-again = Show what this does
restriction-keeps = Keeps access:
restriction-keeps-nobody = nobody yet
restriction-keeps-team = Team
restriction-loses = Loses it:
restriction-loses-requester = requester: no longer finds it and reads no replies
restriction-loses-caller = called for the requester: no longer finds it
restriction-loses-affected = { $count ->
    [one] One affected person no longer finds it
   *[other] { $count } affected people no longer find it
}
restriction-loses-tasks = { $count ->
    [one] One open task is taken from whoever has it
   *[other] { $count } open tasks are taken from whoever has them
}
restriction-loses-assignee = assignee: is taken off it
restriction-loses-watcher = watcher: stops watching
restriction-loses-self = you will not see it any more
restriction-you = You
restriction-everybody-else = It goes to the team named here. Links to it disappear for everybody else; the journal says who restricted it and why.
restriction-do = Restrict it
restriction-change = Save
restriction-lift-title = Lift the restriction
restriction-lift-text = Everybody who works on records will see it with all that was written, and so will its requester what is public.
restriction-lift = Lift the restriction
restriction-saved = From now on it exists for those named only.
restriction-saved-away = It is restricted. You do not see it any more.
restriction-lifted = The restriction is lifted.
restriction-none = { $number } is not restricted.
restriction-nobody-works = Name somebody who can work on it, or a team with such a member.
restriction-not-named = { $number } is restricted, and it does not name this person. Name them first.
restriction-other-team = This record is restricted and stays with the team it names.
restriction-too-many = At most { $max } people. For more, name a team.
restriction-seen-by = Seen by
public-is-for-named = This record is restricted: only those named read this, the requester only if named.
field-restricted = Restricted
field-restricted-team = Team that sees it
field-reader = Person who sees it
fact-restricted = Restricted
fact-restriction-changed = Restriction changed
fact-unrestricted = Restriction lifted
fact-reader-added = Person may see it
fact-reader-removed = Person may no longer see it

## Clocks

lamp-breach = Breached
lamp-risk = At risk
lamp-ok = On track
lamp-paused = Paused
lamp-met = Met
lamp-none = No clock
target-first-response = First response
target-resolution = Resolution
target-next-update = Next update
target-ola = Stay with a team
target-supplier = Wait for a supplier
time-days-hours = { $n }d { $m }h
time-hours-minutes = { $n }h { $m }m
time-minutes = { $n }m
time-over = −{ $time }
why-late = Why was it late?
why-late-hint = Nothing keeps you from resolving. What is not said now waits for the team lead.
why-late-later = Not now
clocks = Service level clocks
clocks-why = Why is it due then?
clock-of-due = left of { $target }, due { $due }
clock-of = of { $target }
clock-left-paused = left of { $target }, paused
clock-cycle = time { $n }
clock-superseded = under earlier terms
clock-version = { $name } (version { $n })
clock-sentence = { $target } promised by { $agreement }, counted in the hours of { $calendar }.
clock-started = Counts from
clock-due = Due
clock-breached = Breached
clock-stopped = Stopped
clock-ended = Ended
clock-segments = Its time, piece by piece
clock-from = From
clock-to = To
clock-what = What it did
clock-counted = Counted
clock-because = Because of
clock-ahead = if nothing happens
clock-ran = Ran
clock-outside-hours = Outside opening hours
clock-was-stopped = Resolved, and opened again later
clock-paused = Paused: { $reason }
clock-none = no clock
clock-none-agreed = No agreement promises it.
clock-considered = These agreements were considered:
why-covers = It covers this record.
why-not-yet = It begins to hold on { $when }.
why-retired = It was retired.
why-no-target = It does not promise this.
why-condition-record = It is for another kind of record.
why-condition-priority = It is for another priority.
why-condition-service = It is for another service.
why-condition-organisation = It is for another organisation of the requester.
why-condition-category = It is for another category.
why-condition-team = It is for another team.
why-condition-supplier = It is for another supplier.
why-less-specific = Another agreement says more about what it covers.
