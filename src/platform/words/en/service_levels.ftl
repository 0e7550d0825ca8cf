# Words of calendars and agreements.

settings-group-levels = Service levels
any = Any
version-in-force = In force
version-planned = Planned
version-former = Former
version-never = Never in force
version-retired = Retired
levels-versions = Versions
    .text = Each holds from its instant on, until the next. What is closed keeps the result it had.
levels-saved = Saved
levels-new-version = New version
levels-try = Try it
levels-try-first = Try it first. This is what it would change.
levels-try-again = This is not what you tried, or something else was saved meanwhile. This is what it would change now.
levels-tried = What saving would change
levels-nothing = Nothing would change: this is what is there already.
levels-holds-now = It holds from the moment you save it.
levels-holds-from = It holds from
levels-save = Save this version
    .hint = Change something below and try again, or save it as it is.
levels-retire = Retire
levels-retire-do = Retire it
levels-from-hint = When it begins to hold; at once where you leave it empty. It cannot be in the past.
levels-from-past = This is in the past. A new version holds from now on, or from later.
levels-from-absurd = This is too far away.
levels-from-not-understood = Write date and time, such as 2026-12-31 08:00.
levels-unknown-pause = There is no hold reason { $code }.
field-version = Version
field-from = In force from
field-retired = Retired
field-definition = Definition

## Calendars

settings-calendars = Calendars
    .text = When the desk is open: hours, holidays, closures, time zones
settings-calendar-new = Add a calendar
calendars-none = There are no calendars yet
    .text = A calendar says when somebody is there. Agreements count their time in one.
calendar-added = The calendar { $name } was added.
calendar-retired = The calendar is retired.
calendar-users = Used by
calendar-users-none = Nothing
calendar-closed = Closed
calendar-week = Hours of the week
    .hint = Write 08:00-18:00, or 08:00-12:00, 13:00-17:30. 22:00-06:00 goes over midnight and belongs to the day it begins on. 00:00-24:00 is the whole day. Leave a day empty where it is closed.
calendar-retire = Retire this calendar
    .hint = It can't be chosen any more. What used it keeps it.
calendar-in-use = It is in use: { $names }. Give these another calendar first.
calendar-is-retired = { $name } is retired. Choose another calendar.
calendar-joins-itself = A calendar does not join itself.
field-calendar = Calendar
field-monday = Monday
field-tuesday = Tuesday
field-wednesday = Wednesday
field-thursday = Thursday
field-friday = Friday
field-saturday = Saturday
field-sunday = Sunday
field-holidays = Holidays
    .hint = One a line, with what it is called: 2026-12-25 Christmas Day. No hours begin on that day; those of the evening before end at midnight.
field-closures = Closures
    .hint = One a line: 2026-12-24 12:00 to 2026-12-24 18:00 Christmas Eve.
field-openings = Extra openings
    .hint = One a line, at most a day long: 2026-11-28 10:00 to 2026-11-28 16:00 Stocktaking. They count on holidays too.
field-also = Open together with
    .hint = Somebody is there when any of them is open, each in its own time zone: for a desk that follows the sun.
calendar-zone-unknown = “{ $value }” is not a known time zone. Try one such as Europe/Lisbon.
calendar-window-not-understood = “{ $value }” is not understood. Write hours such as 08:00-12:00, 13:00-18:00.
calendar-date-not-understood = “{ $value }” is not understood. Write a date such as 2026-12-25.
calendar-date-does-not-exist = “{ $value }”: this date does not exist.
calendar-moment-not-understood = “{ $value }” is not understood. Write date and time such as 2026-12-24 14:00.
calendar-span-not-understood = “{ $value }” is not understood. Write 2026-12-24 12:00 to 2026-12-24 18:00, and what it is called.
calendar-too-many-hours = These are { $value } openings on one day, which is more than there may be.
calendar-too-many-dates = These are { $value } lines, which is more than there may be.
calendar-hours-overlap = { $value } overlaps other hours.
calendar-holiday-twice = { $value } is there twice.
calendar-ends-before-it-starts = What begins { $value } ends before it begins.
calendar-dates-overlap = What begins { $value } overlaps the one before it.
calendar-opening-longer-than-a-day = What begins { $value } is longer than a day. Write one a day.
calendar-closed-and-open = What begins { $value } is both a closure and an extra opening.
calendar-named-twice = A calendar is there twice.
calendar-empty = It would never be open. Write the hours of at least one day.

## Agreements

settings-agreements = Agreements
    .text = What is promised, to whom, in which hours, and who is told before it is late
settings-agreement-new = Add an agreement
agreements-none = There are no agreements yet
    .text = An agreement says how soon somebody is answered and helped. Without one no clock runs.
agreements-which-wins = Of those that cover a record, the one with the most conditions wins.
agreement-added = The agreement { $name } was added.
agreement-retired = The agreement is retired. Clocks that run go on to their end.
agreement-retire = Retire this agreement
    .hint = Nothing new comes under it. Clocks that run go on to their end.
agreement-kind-sla = Service level agreement
    .text = With those who use the service: first response, resolution, next update.
agreement-kind-ola = Operational level agreement
    .text = With a team: how long a record may stay with it. It counts in no attainment of a service level.
agreement-kind-underpinning = Underpinning contract
    .text = With a supplier: how long a record may wait for it.
agreement-kind-stays = The kind of an agreement stays. Add another agreement instead.
agreement-covers = Covers
    .hint = Leave what does not matter at “Any”. The agreement with the most conditions wins.
agreement-targets = Targets
    .hint = Write 8 business hours, 90 business minutes, 4 clock hours, end of business day 1, or by 12:00 on business day 2. Leave a target empty where nothing is promised.
agreement-rules = Rules
agreement-goal = Write a percentage from 1 to 100.
agreement-goal-percent = { $percent } %
agreement-pauses-none = Nothing
agreement-from-new-hint = At once where you leave it empty. A first version may hold from an instant in the past; then it counts for what was imported.
agreement-step-not-understood = “{ $value }” is not understood. Write a line such as resolution at 75%: assignee, team lead.
agreement-step-nobody = Nobody, or more than one person, is called { $name }. Write the mail address.
agreement-record-missing = Choose which kind of record it covers.
agreement-supplier-not-here = Only an underpinning contract asks for a supplier: nothing else would ever start for one.
agreement-without-target = Nothing is promised. Write at least one target.
agreement-target-of-another-kind = “{ $value }”: this kind of agreement does not promise that.
agreement-rule-of-resolution = This rule needs a resolution target, and there is none.
agreement-hold-twice = { $value } is there twice.
agreement-contract-pauses = The time of a supplier runs because the record is on hold. No hold can pause it.
agreement-step-without-target = A step is for a target that is not promised: { $value }.
agreement-step-out-of-range = { $value }: write 1 to 300 %, or at most a year before or after.
agreement-step-twice = { $value } is there twice.
agreement-step-does-nothing = { $value } tells nobody and flags nothing.
agreement-step-before-the-start = { $value } would be before the clock starts.
agreement-target-never-due = “{ $value }” never comes: the calendar is not open for so long before the year 2200.
agreement-time-before-opening = “{ $value }” is before the calendar opens.
agreement-response-after-resolution = “{ $value }” is always later than the resolution target.
field-agreement-kind = Kind
field-record-kind = Kind of record
field-first-response = First response
    .hint = Until the first public answer of the staff.
field-resolution = Resolution
    .hint = Until it is resolved.
field-next-update = Next update
    .hint = After each public answer, where it is promised.
field-team-time = Stay with a team
    .hint = From entering the team until leaving it or resolving.
field-supplier-time = Wait for a supplier
    .hint = While the record waits for this supplier.
field-goal = Goal in percent
    .hint = The share that should be met.
field-pauses = Pauses while it waits for
    .hint = Any other reason than the requester or an appointment they agreed to is printed in the head of the report.
field-never-pauses-major = Never pauses for major incidents
    .hint = Their clocks run on, whatever they wait for.
field-stops-at = Resolution is met when it is
stops-at-resolved = Resolved
stops-at-closed = Closed
field-reopening = When it is re-opened
reopening-continue-time-off = It goes on; the time it was resolved does not count
reopening-continue-time-counts = It goes on; the time it was resolved counts
reopening-new-cycle = A new cycle begins
field-priority-change = When the priority changes
priority-change-from-start = The new target counts from the start
priority-change-from-change = The new target counts from the change
field-steps = Escalation
    .hint = One step a line: resolution at 75%: assignee, team lead. Or: first response 30 minutes before: team, ana@example.org. Or: resolution 1 hour after: managers, flag.
step-at-percent = at { $percent } %
step-before = { $time } before
step-after = { $time } after
step-flag = flag the record
tell-assignee = assignee
tell-team = team
tell-team-lead = team lead
tell-managers = managers
step-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
step-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
span-business-hours = { $count ->
    [one] 1 business hour
   *[other] { $count } business hours
}
span-business-minutes = { $count ->
    [one] 1 business minute
   *[other] { $count } business minutes
}
span-clock-hours = { $count ->
    [one] 1 clock hour
   *[other] { $count } clock hours
}
span-clock-minutes = { $count ->
    [one] 1 clock minute
   *[other] { $count } clock minutes
}
span-end-of-day = End of business day { $days }
span-by-time = By { $time } on business day { $days }
span-not-understood = “{ $value }” is not understood. Write 8 business hours, 90 business minutes, 4 clock hours, end of business day 1, or by 12:00 on business day 2.
span-out-of-range = “{ $value }” is too short or too long for a target.
fact-retired = Retired

## The file of agreements

levels-file-not-toml = This is not TOML: { $why }
levels-file-not-tables = Write each as a table of its own, under [[{ $word }]].
levels-file-unknown-field = There is no field { $field }. Known are { $known }.
levels-file-unknown-name = There is no { $what } “{ $name }”.
levels-file-type = { $field } must be { $wanted }; this is { $found }.
levels-file-missing = The field { $field } is missing.
levels-file-choice = “{ $value }” is not one of { $words }.
levels-file-twice = The same name is on line { $line } already.
levels-file-unreadable = The file cannot be read: { $why }

agreement-clash = { $name } covers the same with as many conditions, so nobody could say which of them holds. Add a condition to one of them.

## Trying before saving

levels-moved = Open clocks that would be due at another time
levels-started = Clocks that would start
levels-ended = Clocks that would end
levels-breached = Clocks that would be breached
levels-imported = Results of imported records that would be new
levels-closed = Closed results that would change
levels-closed-checked = { $count ->
    [0] Nothing has ended yet.
    [one] The record that ended last was counted again.
   *[other] The { $count } records that ended last were counted again.
}
levels-looked-at = { $count ->
    [0] There are no open records it could be about.
    [one] One open record was looked at.
   *[other] { $count } open records were looked at.
}
levels-looked-at-cut = There are more.
levels-late = What would be breached
levels-due = Due
levels-was-due = Due until now
agreement-target = Target
agreement-overrun = { $name }: the teams { $path } were given more time than the resolution target.
agreement-overrun-start = What starts
agreement-overrun-promised = is due
agreement-overrun-teams = and leaves the last team
agreement-wins-over = Wins over
agreement-gives-way = Gives way to
examples = Examples
examples-none = Choose a calendar and write a target to see when three reports to come would be due.
examples-show = Show examples
example-when = Report
example-reported = Reported
example-due = Due
example-plain = A plain one
example-closed-days = Before closed days
example-clock-change = Before the clocks change on { $at }
example-never = Never
example-moment = { $day }, { $time }
example-day = { $weekday } { $day } { $month } { $year }
day-monday = Mon
day-tuesday = Tue
day-wednesday = Wed
day-thursday = Thu
day-friday = Fri
day-saturday = Sat
day-sunday = Sun
field-supplier = Supplier
