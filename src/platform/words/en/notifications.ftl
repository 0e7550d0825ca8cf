### Notices: what somebody is told here.

notices = Notices
notices-unread = { $count ->
    [one] { $count } new notice
   *[other] { $count } new notices
}
notices-read = Mark all as read
notices-none = Nothing to tell
notices-none-text = When a promise on your records is about to be late or is late, it is said here.
notices-newest = Newest
notices-older = Older
notice-new = New
notice-clocks = { $count ->
    [one] A promise needs you
   *[other] { $count } promises need you
}
notice-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
notice-percent = { $n } % of the time is used
notice-before = { $n } minutes before it is due
notice-after = { $n } minutes over
