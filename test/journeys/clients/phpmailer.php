<?php
/* Sends one message with PHPMailer, as MAIL_* in the environment say. */
require '/usr/share/php/libphp-phpmailer/autoload.php';

/* The autoloader of Debian does not know the newer interface. */
require_once '/usr/share/php/libphp-phpmailer/src/OAuthTokenProvider.php';

final class Token implements PHPMailer\PHPMailer\OAuthTokenProvider
{
    public function getOauth64()
    {
        return base64_encode('user=' . getenv('MAIL_USER') . "\1auth=Bearer " . getenv('MAIL_PASSWORD') . "\1\1");
    }
}

$mail = new PHPMailer\PHPMailer\PHPMailer(true);
$mail->isSMTP();
$mail->Host = getenv('MAIL_HOST');
$mail->Port = (int) getenv('MAIL_PORT');
$mail->SMTPSecure = ['none' => '', 'starttls' => 'tls', 'implicit' => 'ssl'][getenv('MAIL_TLS')];
if (getenv('MAIL_CA')) {
    $mail->SMTPOptions = ['ssl' => ['cafile' => getenv('MAIL_CA')]];
}
if (getenv('MAIL_MECHANISM')) {
    $mail->SMTPAuth = true;
    $mail->AuthType = getenv('MAIL_MECHANISM');
    $mail->Username = getenv('MAIL_USER');
    $mail->Password = getenv('MAIL_PASSWORD');
    if ($mail->AuthType === 'XOAUTH2') {
        $mail->setOAuth(new Token());
    }
}
$mail->dsn = getenv('MAIL_NOTIFY') ?: '';
$mail->setFrom(getenv('MAIL_FROM'));
foreach (explode(',', getenv('MAIL_TO')) as $recipient) {
    $mail->addAddress($recipient);
}
$mail->Subject = getenv('MAIL_SUBJECT');
$mail->Body = getenv('MAIL_TEXT');
if (getenv('MAIL_ATTACHMENT')) {
    $mail->addAttachment(getenv('MAIL_ATTACHMENT'), 'big.bin');
}
$mail->send();
