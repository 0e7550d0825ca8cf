# Words of the queue: views, filters, orders, the list itself.

## Views

views-nav = Views
views-my-work = My work
views-everyone = All teams
views-kinds = By kind
views-reports = Reports
view-mine = Assigned to me
view-teams = My teams
view-handed-over = Handed over by us
view-unassigned = Unassigned
view-waiting = Waiting
view-flagged = Flagged
view-open = All open
view-incident = Incidents
view-request = Requests
view-problem = Problems
view-change = Changes
view-postmortem = Post-mortems
view-action = Action items

## The list

queue-open-count = { $count } open
queue-see-all = See all { $count }
# Read out before the numbers in the header, as in "Of all open records: 2 breached, 5 at risk".
line-now = Of all open records:
# By an escalation step of an agreement.
flagged = Flagged
group-by-lamp = Grouped by SLA lamp
filter-lamp = SLA lamp
queue-take-next = Take next
queue-taken = { $number } is yours.
queue-taken-earliest = { $number } is yours. It stood first in the fair order.
queue-taken-reserved = { $number } is yours instead of { $other }: one pull in five is kept for problems and action items.
queue-next = What is next
next-why = Why this next?
next-why-short = Why?
next-most-urgent = Of what nobody has taken in your teams, nothing is more urgent, and nothing as urgent is older.
next-earliest = Of what waits, nothing has an earlier place in the fair order.
next-reserved = The last four pulls took no problem and no action item, so this one does. Otherwise { $number } would be next, whose place is { $place }.
next-place = It waits since { $entered }; its place in the order is { $place }.
next-allowance = { $count ->
    [one] Between the two lies one hour: what work of this kind may wait, and the time it was on hold.
   *[other] Between the two lie { $count } hours: what work of this kind may wait, and the time it was on hold.
}
fair-order = Fair order
fair-place = Place
fair-entered = Waits since
fair-passed = Passed
fair-turns = { $count ->
    [0] The next pull is kept for problems and action items.
    [one] After one more pull without a problem or action item, one is kept for them.
   *[other] After { $count } more pulls without a problem or action item, one is kept for them.
}
field-taken-as = Taken as
field-taken-place = Place in the fair order
taken-as-earliest = First in the fair order
taken-as-reserved = The pull kept for problems and action items
queue-csv = CSV
queue-filters = Filters and order
queue-no-such-number = There is no record { $number } that you can see.
csv-unknown-filter = A filter in the address is not known, so nothing was exported: { $name }
col-number = Number
col-title = Title
col-requester = Requester
col-service = Service
col-with-them-since = With them since
col-last-word = Last word
col-to-the-caller = to the caller
last-word-none = none yet
col-priority = Priority
col-priority-short = Pri
col-state = State
col-assignee = Assignee
assignee-you = You
assignee-me = Me
assignee-nobody = Unassigned
filter-no-team = No team
assignee-as-chosen = As chosen
hint-move = move
hint-open = open
hint-call = log a call
hint-keys = all keys
pages-nav = Pages

## Filters

filter-add = Add filter
filter-more = More filters
filter-any = Any
filter-remove = Remove filter: { $name } { $value }
filter-show = Show
filter-kind = Kind
filter-state = State
filter-priority = Priority
filter-team = Team
filter-assignee = Assignee
filter-requester = Requester
filter-service = Service
filter-category = Category
filter-item = Configuration item
filter-parent = Children of
filter-location = Location
filter-channel = Channel
filter-opened-from = Opened from
filter-opened-to = Opened to
filters-title = Filters
filters-show = Show records
show-open = Open
show-done = Finished
show-all-records = Open and finished

## Orders

sort-due = Due
sort-priority = Priority
sort-opened = Opened
sort-updated = Updated
sort-number = Number
order-due-first = due first
order-due-last = due last first
order-priority = most urgent first, then oldest
order-priority-turned = least urgent first, then newest
order-opened-newest = newest first
order-opened-oldest = oldest first
order-updated-newest = last updated first
order-updated-oldest = longest untouched first
order-number-highest = highest number first
order-number-lowest = lowest number first

## Nothing to show

queue-line-is-clear = The line is clear
queue-line-is-clear-text = Nothing is open on the whole desk.
queue-nothing-matches = No record matches
queue-nothing-matches-text = No record in this view matches these filters. Without them you see more.
queue-drop-filters = Drop the filters
queue-all-done = All done here
queue-all-done-text = Nothing in this view is open. Other work may wait.
queue-see-unassigned = See unassigned work
queue-see-open = See all open work
