# Words of the reports. docs/reports.md defines what they mean.

nav-reports = Reports
reports-levels = Service levels
reports-flow = Flow
reports-settle = To settle

report-sla = Attainment
report-breaches = Breaches
report-times = Times
report-due = Will breach
report-work = Flow of work
report-waiting = Work that waits
waiting-what = Of each kind of work the one that waits longest. Time on hold counts here.
waiting-untaken = Nobody has taken it
waiting-undone = Not done, whoever has it
waiting-none = Nothing waits.
waiting-for = Waits for
report-unexplained = Unexplained breaches
report-exemptions = Exemptions
report-periods = Closed periods
report-clocks = Clocks
report-records = Records

## The period and what is asked

report-from = From
report-to = To
report-target = Clock
report-by = Counted by
report-by-outcome = when the result became certain
report-by-opened = when opened
report-by-resolved = when stopped
report-group = Lines
report-group-priority = Priority
report-group-service = Service
report-group-team = Team
report-group-organisation = Organisation
report-group-agreement = Agreement
report-none = None
report-day = { $day } { $month } { $year }
report-month = { $month } { $year }
report-month-part = { $month } { $year }, { $from }–{ $to }
report-period = { $from } to { $to }, days of { $zone }
report-period-backwards = The last day lies before the first one; the usual period is shown.
report-period-long = At most { $max } months fit on a report; the usual period is shown.
report-period-unknown = These days are not ones a report can have; the usual period is shown.
report-unknown-filter = This part of the address was not understood and was left out: { $name }
report-restricted-out = Restricted records are in no figure.
report-paused-out = Paused time is excluded: while waiting for the requester, and for agreed appointments.
report-pauses-also = Under { $agreement } also: { $reason }.


outcome-met = Met
outcome-breached = Breached
outcome-running = Running
outcome-ended = Ended without a stop
outcome-exempt = Exempted
outcome-decided = Met or breached
outcome-stopped = Stopped

## Figures

percent = { $n } %
report-no-calls = no calls
report-calls = { $count ->
    [one] { $count } call
   *[other] { $count } calls
}
report-of-n = of { $n }
report-n = n
report-n-is = n { $n }
report-all = All
report-goal = Goal
report-attainment = Attainment
report-just-under = just under the goal
report-well-under = well under the goal
report-goal-under = Goal { $goal } %, { $points } under.
report-goal-over = Goal { $goal } %, { $points } over.
report-no-goal = No agreement of these sets a goal.
report-nothing-decided = Nothing was met or breached here.
report-kept-first-response = Answered in time
report-kept-resolution = Resolved in time
report-kept-next-update = Updated in time
report-kept-ola = Stays in time
report-kept-supplier = Suppliers in time
report-breaches-note = in these days
report-median = Median time
report-five = How the clocks stand
report-five-hint = The five add up to n. Attainment is met of met and breached; what runs belongs to no month yet.
report-superseded = Breached under terms that were changed since, in no figure
report-trend = Attainment against the goal
report-as-table = Show as table
report-heat-hint = Shaded and marked cells are under the goal.
report-by-group-and-month = { $group } by month
report-stands-by = How the clocks stand, by { $group }
report-closed = closed
report-corrections = Corrections of closed periods
report-corrections-hint = What is closed stays as it was closed. These would be other figures today.
report-month-from = Month from
report-closed-with = Closed with
report-would-be = Today it would be
report-stands = { $met } met, { $breached } breached, { $ended } ended, { $exempt } exempted
report-to-breaches = All breaches with their reasons
report-csv-figures = Figures as CSV
report-csv-clocks = Clocks as CSV

## Lists

report-list-empty = Nothing here.
report-first-page = First page
report-clock = Clock
report-outcome = Result
report-at = When
report-took = Took
report-over-by = Over by
report-over = over by { $span }
report-still-running = still running
report-reason = Reason
report-no-reason = none given
report-lowered = Breached as { $priority }, lowered by { $person } at { $at }
report-changed = Breached as { $priority }, changed by { $person } at { $at }
report-terms-changed = Breached as { $priority }, under terms that were changed since
report-opened-at = Opened
report-resolved-at = Resolved
facet-opened = Opened
facet-resolved = Resolved
facet-reopened = Resolved and re-opened before
facet-first-contact = Solved at first contact
facet-chased = Chased
facet-handed-over = Handed over
facet-open = Open now
facet-aged = Open now, of one age
facet-left = Open at the end of the period
facet-channel = Opened, of one channel
facet-service = Opened, of one service
facet-category = Opened, of one category
facet-held = Put on hold for one reason
facet-mttd = Incidents with a time to detect
facet-mtta = Incidents with a time to acknowledge
facet-mttr = Incidents with a time to restore

## Reasons of breaches

breach-late-assignment = Assigned late
breach-wrong-team = Wrong team at first
breach-no-capacity = Nobody free
breach-supplier = Supplier
breach-requester = Requester
breach-change = Waiting for a change
breach-known-error = Known error without a fix
breach-complexity = Harder than the target allows for
breach-wrong-priority = Wrong priority
breach-other = Other
breach-none = This clock has not been missed.
breach-explained = The breach of { $number } is explained.
report-unexplained-hint = Breaches of the last 90 days that nobody has given a reason for. Say what held the work up, not who.
report-unexplained-none = Every breach has a reason.
report-choose = Choose…
report-sentence = What happened, in a sentence
report-explain = Explain

## Exemptions

exemption-new = Ask for an exemption
exemption-ask = Ask for an exemption
exemption-why = Why it should not count
exemption-asked = Asked for { $number }. Another person has to approve it.
exemption-given = { $number } is exempted.
exemption-approve = Approve
exemption-approved = Exempted
exemption-waits = Exemption asked for
exemption-second = waits for another person
exemption-asked-by = Asked by
exemption-approved-by = Approved by
exemption-own = Another person has to approve what you asked for.
exemption-asked-already = An exemption of this clock was asked for before.
exemption-approved-already = This exemption was approved before.
exemptions-hint = An exempted clock counts in no attainment. It needs a reason and a second person, stays in every list, and deletes nothing.
exemptions-waiting = Waiting for a second person
exemptions-approved = Approved
exemptions-none-waiting = None waits.
exemptions-none-approved = None was approved.

## Closed periods

periods-hint = The figures of a closed month are written down with a hash and are never worked out again. Later corrections show in the open period.
periods-closed = Closed
periods-none = No month is closed yet.
period-month = Month
period-close = Close this month
period-closed-by = Closed by
period-hash = Hash of the figures (SHA-256)
period-not-whole = These figures do not have the hash they were closed with: they were changed in the database.
report-closed-title = { $month }, closed
report-closed-now = The month is closed.
report-period-closed-already = This month is closed already.
report-month-not-over = This month is not over yet.
report-clocks-behind = Some clocks are still being worked out. Try again in a minute.

## What will breach

report-until = By
report-due-by = By { $at }
report-due-none = Nothing will breach by then.
report-due-at = Due
report-who-has-it = Who has it
report-reassign = Reassign
report-not-assigned = { $number } was not reassigned.

## Times

span-less = under 1 min
lasted-minutes = { $minutes } min
lasted-hours = { $hours } h
lasted-hours-minutes = { $hours } h { $minutes } min
tick-minute = 1 min
tick-10-minutes = 10 min
tick-hour = 1 h
tick-10-hours = 10 h
tick-50-hours = 50 h
tick-200-hours = 200 h
tick-1000-hours = 1000 h
report-times-hint = Durations of clocks are business time without pauses. Each figure is a duration that occurred (nearest rank); there is no mean.
report-ranges-hint = Dark: 25th percentile to the median (circle). Light: to the 90th. The scale is logarithmic.
report-table-of = Table: { $title }
report-p25 = p25
report-median-short = Median
report-p75 = p75
report-p90 = p90
report-measure = Measure
report-measure-of = { $measure } { $priority }
report-measures = Detect, acknowledge, restore
report-measures-none = No incident of these days has the instants for it.
measure-mttd = MTTD
    .hint = Time to detect: from the beginning of the impact until it was detected. Incidents with both instants.
measure-mtta = MTTA
    .hint = Time to acknowledge: from the report until the first person was assigned.
measure-mttr = MTTR
    .hint = Time to restore: from the beginning of the impact (where nobody said it: the report) until it was mitigated (where nobody said it: resolved).
report-backwards = { $count ->
    [one] { $count } incident has an end before its beginning and is in no such measure.
   *[other] { $count } incidents have an end before their beginning and are in no such measure.
}
report-holders = Time by holder
report-holders-hint = Stays with a team under an OLA and holds on a supplier under a contract, with a result in these days, in business time.
report-holders-none = No agreement measures stays or holds here.
report-holder = Holder
report-time = Time
report-paused = Paused
report-ran = Ran
report-share = Share
report-pauses = Time on hold by reason
report-pauses-hint = Holds begun in these days, by the clock on the wall, whether or not they pause an agreement's clocks.
report-pauses-none = Nothing was put on hold.
report-share-paused = Share paused
report-paused-by-team = Paused time of resolution clocks by team
report-paused-by-team-hint = Of all the time of these clocks, how much they stood still.

## Flow of work

report-weeks = Opened, resolved and left by week
report-weeks-hint = Dark bars: opened. Light bars: resolved. Line: open at the week's end.
report-week-from = Week from
report-opened = Opened
report-resolved = Resolved
report-backlog = Open at the end
report-ages = Open work by age, in days
report-open-now = Open now:
report-age = Age in days
age-first = 0–1
age-between = { $from }–{ $to }
age-over = { $days }+
report-quality = What came back
report-what = What
report-by-channel = Opened by channel
report-by-service = Opened by service
report-by-category = Opened by category
report-no-records = Nothing was opened.
report-first-contact = Solved at first contact
    .hint = Of the incidents resolved in these days.
report-chased = Chased
    .hint = Of the records opened in these days: somebody asked what became of it.
report-reopened = Re-opened
    .hint = Of the records resolved in these days: they had been resolved before.
report-handed-over = Handed over
    .hint = Of the records opened in these days: another team took over the work.
report-part = { $part } of { $n }
report-chasers = { $count ->
    [one] Asked after { $count } time altogether.
   *[other] Asked after { $count } times altogether.
}

## In a record's history

fact-breach-explained = Breach explained
fact-exemption-asked = Exemption asked for
fact-exemption-approved = Exemption approved
field-breach-clock = Clock
field-breach-code = Reason of the breach
field-breach-text = What happened
field-exemption-clock = Clock
field-exemption-reason = Why it should not count
field-exemption-approved = Approved
