<?php
/* Sends one message with Symfony Mailer, as MAIL_* in the environment say. */
require '/usr/share/php/Symfony/Component/Mailer/autoload.php';
require '/usr/share/php/Symfony/Component/Mime/autoload.php';

use Symfony\Component\Mailer\Transport\Smtp\Auth;
use Symfony\Component\Mailer\Transport\Smtp\EsmtpTransport;

$transport = new EsmtpTransport(getenv('MAIL_HOST'), (int) getenv('MAIL_PORT'), getenv('MAIL_TLS') === 'implicit');
if (getenv('MAIL_CA')) {
    $transport->getStream()->setStreamOptions(['ssl' => ['cafile' => getenv('MAIL_CA')]]);
}
if (getenv('MAIL_MECHANISM')) {
    $transport->setUsername(getenv('MAIL_USER'));
    $transport->setPassword(getenv('MAIL_PASSWORD'));
    /* It tries all that it has and the server offers; version 5 has no setter for the list. */
    $only = [
        'CRAM-MD5' => Auth\CramMd5Authenticator::class,
        'LOGIN' => Auth\LoginAuthenticator::class,
        'PLAIN' => Auth\PlainAuthenticator::class,
        'XOAUTH2' => Auth\XOAuth2Authenticator::class,
    ][getenv('MAIL_MECHANISM')];
    (function () use ($only) {
        $this->authenticators = [new $only()];
    })->call($transport);
}

$email = (new Symfony\Component\Mime\Email())
    ->from(getenv('MAIL_FROM'))
    ->to(...explode(',', getenv('MAIL_TO')))
    ->subject(getenv('MAIL_SUBJECT'))
    ->text(getenv('MAIL_TEXT'));
if (getenv('MAIL_ATTACHMENT')) {
    $email->attachFromPath(getenv('MAIL_ATTACHMENT'), 'big.bin');
}
(new Symfony\Component\Mailer\Mailer($transport))->send($email);
