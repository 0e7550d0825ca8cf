# Words of tasks: pieces of work on a record.

tasks = Tasks
tasks-ended-of = { $ended } of { $total } ended
tasks-ended = { $count ->
    [one] { $count } ended task
   *[other] { $count } ended tasks
}
task-page = Task
task-add = Add a task
task-title = What is to be done
task-teams = Teams
task-people = People
task-blocking = Blocks resolving
task-blocks = Blocks resolving
task-due = due
task-late = overdue
task-mark-done = Done: { $title }
task-is-done = Done
task-skip = Not needed?
task-skip-button = Skip this task
task-order = Order
task-place-button = Move there
task-state-open = Open
task-state-done = Done
task-state-skipped = Skipped
task-state-cancelled = Cancelled with the record

## What was done

task-added = The task is added.
task-saved-late = Saved. Its due date is over.
task-done = Done: { $title }
task-skipped = Skipped: { $title }
task-placed = Moved.

## What a rule says

tasks-block = { $number } cannot be resolved yet: { $tasks } must be done or skipped first.
tasks-block-more = { $number } cannot be resolved yet: { $tasks } and { $more } more must be done or skipped first.
task-has-ended = “{ $title }” has ended and stays as it is.
task-too-many = A record has at most { $max } tasks. Use a record of its own for more.
task-person-cannot-work = This person cannot be given tasks.
task-no-such-place = Choose a place from 1 to { $max }.

## Fields and facts

field-task = Task
field-task-title = What is to be done
field-task-who = Team or person
field-task-due-at = Due
field-task-blocking = Blocks resolving
field-task-state = State of the task
field-task-reason = Why it is skipped
field-task-place = Place in the list
fact-task-added = Task added
fact-task-changed = Task changed
fact-task-done = Task done
fact-task-skipped = Task skipped
fact-task-cancelled = Task cancelled
fact-task-reordered = Tasks put in another order

## In the queue and in search

col-task = Task
col-record = Record
queue-no-records = No open record in this view.
queue-tasks = { $count ->
    [one] { $count } open task
   *[other] { $count } open tasks
}
queue-tasks-more = { $count ->
    [one] And { $count } more, due later.
   *[other] And { $count } more, due later.
}
search-in-task = Task
key-task = Add a task
key-more = More actions on a record
