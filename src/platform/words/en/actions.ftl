# Action items: what is done about it, by whom, until when, and how it is known that it helps.

actions-mine = Mine
actions-teams = My teams
actions-all = All
actions-list-none = No action items here
actions-by-due = By the day they are due
actions-besides = Without a due date, or done and to be verified
actions-later = Due later

action-overdue = Overdue
action-raise = Raise an action item
action-raise-what = One thing somebody will do about it. It stands in their work like every other record.
action-is-raised = { $number } is raised.
action-postmortems-team = The post-mortem's team
action-verification-hint = What will be seen once it helps: an alert that fires in a drill, a restore that was tried.
action-due-past = This is over already.
action-changed-meanwhile = { $name } changed this meanwhile, to: { $value }. Save again if yours is meant.

action-plan = What, until when
action-plan-edit = Plan the action item
action-no-due = nobody said until when
action-carrier-edit = What carries it
action-carrier-what = A change, a request or a problem may carry the action. When that ends, the owner is asked to verify the action; it is never completed by itself.
action-carrier-number = Number of the change, request or problem
action-carrier-hint = Leave it empty if nothing carries it.
action-carrier-kind = Changes, requests and problems carry actions.
action-carrier-ended = { $number } has ended already.
action-carrier-has-ended = What carried it has ended. Is it done, and does it help?
action-verify = Verify the action item
action-seen-hint = What was seen, by whom, when.
action-is-verified = Verified.
action-happened-again = It happened again
actions-came-of-it = Came of it

field-action-due-at = Due
field-action-verification = How it will be verified
field-action-seen = What was seen
field-action-postmortem = Post-mortem
field-action-carrier = Carried by
field-action-recurrence-of = Recurrence of
field-action-done-at = Done
field-action-verified-at = Verified
field-action-verified-by = Verified by
field-action-asked-at = Asked for verification
field-action-reminded-at = Reminded

fact-carried = Carried by another record
fact-carried-no-more = Carried by nothing any more
fact-completed = Done
fact-not-completed = Not done yet
fact-verification-asked = Verification asked for
fact-carrier-lost = What carried it ended otherwise
fact-carrier-reopened = What carried it goes on
fact-reminded = Reminded

notice-action-yours = An action item is yours
notice-action-due-soon = Due in three days
notice-action-due = Due now
notice-action-overdue = Overdue
notice-action-verify = What carried it has ended: is it done, and does it help?
notice-action-carrier-lost = What carried it ended otherwise: who does it now?
notice-action-recurred = It happened again after the action was done

report-actions = Action items
report-actions-at = As they stood at
report-actions-file = Download as CSV
report-actions-none = No action item stood open then
report-actions-raised = Raised in the month
report-actions-done = Done
report-actions-verified = Verified
report-actions-declined = Declined
report-actions-ages = Ages by team
report-actions-standing = Not over
report-actions-30 = Up to 30 days
report-actions-60 = 31 to 60
report-actions-90 = 61 to 90
report-actions-older = Older
report-actions-unverified = Done, not verified
report-actions-oldest = Overdue ones, then the oldest
report-actions-age = Age
report-actions-all = All
report-actions-days = { $count ->
    [one] one day
   *[other] { $count } days
}
report-actions-left-out = { $count ->
    [one] One more is in the file.
   *[other] { $count } more are in the file.
}
