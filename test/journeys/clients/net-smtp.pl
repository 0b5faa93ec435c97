# Sends one message with Net::SMTP, as MAIL_* in the environment say.
use strict;
use warnings;
use Authen::SASL;
use Net::SMTP;

my %order = map { lc(substr $_, 5) => $ENV{$_} } grep { /^MAIL_/ } keys %ENV;
my @ca = $order{ca} ? (SSL_ca_file => $order{ca}) : ();

my $smtp = Net::SMTP->new($order{host}, Port => $order{port}, SSL => $order{tls} eq 'implicit', @ca)
    or die "cannot connect: $@";
if ($order{tls} eq 'starttls') { $smtp->starttls(@ca) or die "STARTTLS: " . ($smtp->message // $@) }
if ($order{mechanism}) {
    my $sasl = Authen::SASL->new(
        mechanism => $order{mechanism},
        callback  => { user => $order{user}, authname => $order{user}, pass => $order{password} },
    );
    $smtp->auth($sasl) or die "AUTH: " . $smtp->message;
}

my (@mail, @rcpt);
if ($order{notify}) {
    @mail = (Return => $order{ret}, Envelope => $order{envid});
    @rcpt = (Notify => [split /,/, $order{notify}]);
}
$smtp->mail($order{from}, @mail) or die "MAIL: " . $smtp->message;
$smtp->recipient(split(/,/, $order{to}), { SkipBad => 1, @rcpt }) or die "RCPT: " . $smtp->message;

open my $file, '<:raw', $order{message} or die $!;
my $message = do { local $/; <$file> };
$smtp->data($message) or die "DATA: " . $smtp->message;
$smtp->quit;
