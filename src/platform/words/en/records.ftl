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

## Kinds

kind-incident = Incident
kind-request = Request
kind-problem = Problem
kind-change = Change

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
hold-date-needed = Give the agreed date.
hold-date-past = This date is over.
record-unknown = There is no such record.
link-to-itself = A record cannot be linked to itself.
assignee-cannot-work = This person cannot be assigned records.
nothing-to-take = Nothing unassigned waits in your teams.
reopen-too-late = The time to re-open it is over. Log a new record and link it as a recurrence.
record-not-open = { $number } is no longer open.
